// The estimate of a placed module, as JSON and as a table.
// RUN: aimc-opt %s --aimc-set-target=target=hermes -o %t.mlir
// RUN: aimc-estimate %t.mlir --json | FileCheck %s --check-prefix=JSON
// RUN: aimc-estimate %t.mlir | FileCheck %s --check-prefix=TABLE
// RUN: aimc-estimate %t.mlir --mode 4-phase --json | FileCheck %s --check-prefix=PHASES
// RUN: not aimc-estimate %t.mlir --mode 2-phase 2>&1 | FileCheck %s --check-prefix=NO-MODE
// RUN: aimc-estimate %t.mlir --json --batch 1000 | FileCheck %s --check-prefix=BATCH

// Bytecode is the same module.
// RUN: aimc-opt %t.mlir --emit-bytecode -o %t.mlirbc
// RUN: aimc-estimate %t.mlir --json > %t.text.json
// RUN: aimc-estimate %t.mlirbc --json -o %t.bytecode.json
// RUN: cmp %t.text.json %t.bytecode.json

// The JSON is one object that others read.
// RUN: %python -c "import json, sys; json.load(open(sys.argv[1]))" %t.text.json

// In another mode of the target a use takes 520 ns and 52.8 nJ.
// PHASES: "mode": "4-phase",
// PHASES: "mvm_time_ns": 2080,
// PHASES-NEXT: "mvm_energy_nj": 316.{{8|79999}}
// NO-MODE: error: target 'hermes' expects mode 1-phase or 4-phase, but got '2-phase'

// Two of the three tiles share core 0, so each use takes two activations there
// of 133 ns, and 100 columns pass through its unit at 2.5 ns each, after 160 ns.
// A partial sum passes from one core to the other, 40 ns. Energy: three
// activations of 13.4 nJ, and 150 columns of 215 pJ; both twice. Two cores take
// 45 mW each.

// JSON:      "target": "hermes",
// JSON-NEXT: "mode": "1-phase",
// JSON-NEXT: "matrices": [
// JSON-NEXT:   {
// JSON-NEXT:     "name": "w",
// JSON-NEXT:     "rows": 90,
// JSON-NEXT:     "columns": 50,
// JSON-NEXT:     "copies": 1,
// JSON-NEXT:     "vectors_shared": false,
// JSON-NEXT:     "tiles": 3,
// JSON-NEXT:     "cores": 2,
// JSON-NEXT:     "uses": 2
// JSON-NEXT:   }
// JSON-NEXT: ],
// JSON-NEXT: "tiles": 3,
// JSON-NEXT: "cores": 2,
// JSON-NEXT: "cores_available": 64,
// JSON-NEXT: "lower_bound_cores": 1,
// 4500 weights of 2 x 65536 and of 64 x 65536 cells.
// JSON-NEXT: "utilisation": 0.034332275390625,
// JSON-NEXT: "chip_utilisation": 0.00107288360595703{{.*}},
// JSON-NEXT: "activations": 6,
// JSON-NEXT: "multiply_adds": 9000,
// JSON-NEXT: "mvm_time_ns": 532,
// JSON-NEXT: "mvm_energy_nj": 80.4{{.*}},
// JSON-NEXT: "energy_by_part_nj": {
// JSON-NEXT:   "array": null,
// JSON-NEXT:   "dac": null,
// JSON-NEXT:   "adc": null,
// JSON-NEXT:   "digital": 66,
// JSON-NEXT:   "link": null,
// JSON-NEXT:   "static": 133.09875
// JSON-NEXT: },
// JSON-NEXT: "link_time_ns": 80,
// The regions: 3 instructions on 50 values on 8 global units, and none for a
// copy: 46.875 ns and 1.5 nJ.
// JSON-NEXT: "digital_time_ns": 866.875,
// JSON-NEXT: "digital_energy_nj": 66,
// JSON-NEXT: "latency_ns": 1478.875,
// JSON-NEXT: "energy_nj": 279.498{{.*}},
// JSON:      "unit": "local",
// JSON-NEXT: "values": 300,
// JSON-NEXT: "time_ns": 820,
// JSON-NEXT: "energy_nj": 64.5
// JSON:      "unit": "global",
// JSON-NEXT: "values": 150,
// JSON-NEXT: "time_ns": 46.875,
// JSON-NEXT: "energy_nj": 1.5
// JSON:      "vectors": 1,
// JSON-NEXT: "total_time_ns": 1478.875,
// JSON:      "assumptions": [
// JSON:      "mvm_time: 133 ns, published (
// JSON:      "global.time_per_value: 2.5 ns, assumed (

// TABLE:      target hermes, 1-phase
// TABLE:      matrix      rows   columns    copies     tiles     cores      uses
// TABLE-NEXT: w             90        50         1         3         2         2
// TABLE:      tiles           3 on 2 of 64 cores
// TABLE-NEXT: lower bound     1 cores
// TABLE-NEXT: utilisation     3.4 % of the cells of these cores, 0.1 % of all
// TABLE:      core     tiles    cells, %   crossbar, ns  local unit, ns
// TABLE-NEXT: {{^ *}}0 {{ *}}2 {{ *}}4.6 {{ *}}532 {{ *}}500
// TABLE-NEXT: {{^ *}}1 {{ *}}1 {{ *}}2.3 {{ *}}266 {{ *}}250
// TABLE:      crossbars {{ *}}532 ns {{ *}}80.4 nJ 6 activations, 9000 multiply-adds
// TABLE-NEXT:   array {{ *}}not given
// TABLE-NEXT:   DAC {{ *}}not given
// TABLE-NEXT:   ADC {{ *}}not given
// TABLE-NEXT: unit local {{ *}}820 ns {{ *}}64.5 nJ 300 values
// TABLE-NEXT: unit global {{ *}}46.875 ns {{ *}}1.5 nJ 150 values
// TABLE-NEXT: links {{ *}}80 ns {{ *}}not given
// TABLE-NEXT: static power {{ *}}133.099 nJ 90.00 mW
// TABLE-NEXT: all {{ *}}1478.88 ns {{ *}}279.499 nJ
// TABLE:      crossbars {{ *}}532 ns {{ *}}1.8797e+06 vectors/s
// TABLE-NEXT: unit local {{ *}}500 ns {{ *}}2e+06 vectors/s
// TABLE-NEXT: unit global {{ *}}46.875 ns {{ *}}2.13333e+07 vectors/s
// TABLE-NEXT: pipelined {{ *}}532 ns {{ *}}1.8797e+06 vectors/s, 194.28 nJ each, limited by the crossbar of core 0
// TABLE-NEXT: one by one {{ *}}1478.88 ns {{ *}}676190 vectors/s, 279.499 nJ each
// TABLE:      area            144 mm2 of the chips in use
// TABLE:      crossbars alone {{ *}}0.03383 TOPS {{ *}}0.2239 TOPS/W
// TABLE-NEXT: all {{ *}}0.01217 TOPS {{ *}}0.0644 TOPS/W
// TABLE-NEXT: all, pipelined {{ *}}0.03383 TOPS {{ *}}0.09265 TOPS/W
// TABLE:      the same work on digital machines, 9000 multiply-adds, 50 elementary functions, 100 other values
// TABLE:      a100-fp16
// TABLE:      a100-int8
// TABLE:      cpu-core {{ *}}187.5 ns {{ *}}206.25 ns {{ *}}2062.5 nJ {{ *}}0.3877 x {{ *}}10.62 x
// TABLE:      assumptions
// TABLE:      - mvm_energy: 13.4 nJ, derived (

// BATCH: "latency_ns": 1478.875,
// BATCH: "vectors": 1000,
// BATCH-NEXT: "total_time_ns": 1478875,

aimc.weights @w = dense<0.5> : tensor<90x50xf32>
aimc.tile @a of @w index [0, 0] rows(0, 30) columns(0, 50) on chip(0) core(0) at(0, 0)
aimc.tile @b of @w index [1, 0] rows(30, 30) columns(0, 50) on chip(0) core(0) at(30, 0)
aimc.tile @c of @w index [2, 0] rows(60, 30) columns(0, 50) on chip(0) core(1) at(0, 0)
aimc.program @double_cosine on("global") (%x: vector<50xf32>) -> (vector<50xf32>) {
  %two = arith.constant dense<2.0> : vector<50xf32>
  %c = math.cos %x : vector<50xf32>
  %y = arith.mulf %c, %two : vector<50xf32>
  aimc.yield %y : vector<50xf32>
}
func.func @main(%x: tensor<?x90xf32>, %init: tensor<?x50xf32>) -> (tensor<?x50xf32>, tensor<?x50xf32>) {
  %p = aimc.mvm @w site(0) role(projection) grid [3, 1] ins(%x : tensor<?x90xf32>) outs(%init : tensor<?x50xf32>) -> tensor<?x50xf32>
  %q = aimc.mvm @w site(1) role(projection) grid [3, 1] ins(%x : tensor<?x90xf32>) outs(%init : tensor<?x50xf32>) -> tensor<?x50xf32>
  %z = aimc.execute @double_cosine ins(%p : tensor<?x50xf32>) outs(%init : tensor<?x50xf32>) -> tensor<?x50xf32>
  %s = aimc.digital on("global") -> tensor<?x50xf32> {
    %r = linalg.sub ins(%z, %q : tensor<?x50xf32>, tensor<?x50xf32>) outs(%init : tensor<?x50xf32>) -> tensor<?x50xf32>
    aimc.yield %r : tensor<?x50xf32>
  }
  return %z, %s : tensor<?x50xf32>, tensor<?x50xf32>
}
