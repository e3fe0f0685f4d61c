// RUN: aimc-opt %s --split-input-file --verify-diagnostics

// An array of batch x tokens x features is a matrix with a row for each token; a
// mask of batch x tokens and a vector have a value a row.
func.func @valid(%x: tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>},
                 %mask: tensor<?x1xf32> {aimc.sizes = array<i64: -1, -1>},
                 %values: tensor<4x1xf32> {aimc.sizes = array<i64: 4>},
                 %all: memref<6x4xf32> {aimc.sizes = array<i64: 2, 3, 4>})
    -> (tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>}) {
  %batch = aimc.input_size input(0) dimension(0)
  %length = aimc.input_size input(1) dimension(1)
  aimc.set_output_size output(0) dimension(0) to %batch
  aimc.set_output_size output(0) dimension(1) to %length
  return %x : tensor<?x4xf32>
}

// -----

// expected-error @below {{'func.func' op expects argument 0 to be a matrix like 'tensor<?x4xf32>' for the sizes array<i64: -1, -1, 4>, but got 'tensor<?x?x4xf32>'}}
func.func @rank(%x: tensor<?x?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects result 0 to be a matrix like 'tensor<6x4xf32>' for the sizes array<i64: 2, 3, 4>, but got 'tensor<5x4xf32>'}}
func.func @rows(%x: tensor<5x4xf32>) -> (tensor<5x4xf32> {aimc.sizes = array<i64: 2, 3, 4>}) {
  return %x : tensor<5x4xf32>
}

// -----

// expected-error @below {{'func.func' op expects argument 0 to be a matrix like 'tensor<?x1xf32>' for the sizes array<i64: -1>, but got 'index'}}
func.func @type(%x: index {aimc.sizes = array<i64: -1>}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects 'aimc.sizes' of argument 0 to be an array of i64, each at least 0 or -1, but got array<i64: -2, 4>}}
func.func @negative(%x: tensor<?x4xf32> {aimc.sizes = array<i64: -2, 4>}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects no attribute 'aimc.shape' of the aimc dialect on argument 0, where its attributes are 'aimc.sizes' and 'aimc.name'}}
func.func @name(%x: tensor<?x4xf32> {aimc.shape = array<i64: -1, 4>}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects 'aimc.name' of argument 0 to be a string of printable characters, but got ""}}
func.func @no_name(%x: tensor<?x4xf32> {aimc.name = ""}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects arguments of different names, but got "a" for 0 and 1}}
func.func @twice(%x: tensor<?x4xf32> {aimc.name = "a"}, %y: tensor<?x4xf32> {aimc.name = "a"}) {
  return
}

// -----

// expected-error @below {{'func.func' op expects results of different names, but got "a" for 0 and 1}}
func.func @results(%x: tensor<?x4xf32>) -> (tensor<?x4xf32> {aimc.name = "a"}, tensor<?x4xf32> {aimc.name = "a"}) {
  return %x, %x : tensor<?x4xf32>, tensor<?x4xf32>
}

// -----

// expected-error @below {{'func.func' op expects 'aimc.name' of result 0 to be a string of printable characters, but got 5 : i64}}
func.func @number(%x: tensor<?x4xf32>) -> (tensor<?x4xf32> {aimc.name = 5}) {
  return %x : tensor<?x4xf32>
}

// -----

// expected-error @below {{'func.func' op expects 'aimc.name' of argument 0 to be a string of printable characters, but got "a\0A"}}
func.func @line(%x: tensor<?x4xf32> {aimc.name = "a\0A"}) {
  return
}

// -----

// (C1) The argument has sizes.
func.func @input_size_c1(%x: tensor<?x4xf32>) -> index {
  // expected-error @below {{'aimc.input_size' op expects the number of an argument with 'aimc.sizes', but got 0}}
  %size = aimc.input_size input(0) dimension(0)
  return %size : index
}

// -----

// (C2) The dimension is one of them.
func.func @input_size_c2(%x: tensor<?x4xf32> {aimc.sizes = array<i64: -1, -1, 4>}) -> index {
  // expected-error @below {{'aimc.input_size' op expects one of the sizes array<i64: -1, -1, 4>, but got number 3}}
  %size = aimc.input_size input(0) dimension(3)
  return %size : index
}

// -----

// (C1) The result is there.
func.func @set_output_size_c1(%n: index) {
  // expected-error @below {{'aimc.set_output_size' op expects the number of a result with 'aimc.sizes', but got 1}}
  aimc.set_output_size output(1) dimension(0) to %n
  return
}

// -----

// (C2) The size is open.
func.func @set_output_size_c2(%x: tensor<?x4xf32>, %n: index)
    -> (tensor<?x4xf32> {aimc.sizes = array<i64: -1, 2, 4>}) {
  // expected-error @below {{'aimc.set_output_size' op expects an open size, but got number 1 of array<i64: -1, 2, 4>}}
  aimc.set_output_size output(0) dimension(1) to %n
  return %x : tensor<?x4xf32>
}
