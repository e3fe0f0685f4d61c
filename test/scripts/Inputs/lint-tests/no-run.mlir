// CHECK: func.func
func.func private @f()
