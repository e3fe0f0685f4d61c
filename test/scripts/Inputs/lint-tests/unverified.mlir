// RUN: not aimc-opt %s

// expected-error @below {{expects}}
func.func private @f()
