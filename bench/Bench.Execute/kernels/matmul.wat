;; C = A x B for 128 x 128 matrices of f64 in row order. Memory: A at 0, B at 131072, C at 262144.
;; setup() writes A and B as small fractions, inexact on purpose; run() answers a checksum over the bits of C.
(module
  (memory (export "memory") 6 6)

  (func (export "setup")
    (local $p i32) (local $x i32)
    (local.set $x (i32.const 1))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))
      (f64.store (local.get $p)
        (f64.sub
          (f64.div (f64.convert_i32_u (i32.shr_u (local.get $x) (i32.const 12))) (f64.const 63))
          (f64.const 7.5)))
      (local.set $p (i32.add (local.get $p) (i32.const 8)))
      (br_if $fill (i32.lt_u (local.get $p) (i32.const 262144)))))

  (func $multiply
    (local $a i32) (local $b i32) (local $c i32) (local $row i32) (local $end i32) (local $factor f64)
    (memory.fill (i32.const 262144) (i32.const 0) (i32.const 131072))
    (local.set $row (i32.const 262144))
    (loop $rows
      (local.set $b (i32.const 131072))
      (local.set $end (i32.add (local.get $row) (i32.const 1024)))
      (loop $middle
        (local.set $factor (f64.load (local.get $a)))
        (local.set $c (local.get $row))
        (loop $columns
          (f64.store (local.get $c)
            (f64.add (f64.load (local.get $c)) (f64.mul (local.get $factor) (f64.load (local.get $b)))))
          (f64.store offset=8 (local.get $c)
            (f64.add
              (f64.load offset=8 (local.get $c))
              (f64.mul (local.get $factor) (f64.load offset=8 (local.get $b)))))
          (local.set $b (i32.add (local.get $b) (i32.const 16)))
          (local.set $c (i32.add (local.get $c) (i32.const 16)))
          (br_if $columns (i32.lt_u (local.get $c) (local.get $end))))
        (local.set $a (i32.add (local.get $a) (i32.const 8)))
        (br_if $middle (i32.lt_u (local.get $b) (i32.const 262144))))
      (local.set $row (i32.add (local.get $row) (i32.const 1024)))
      (br_if $rows (i32.lt_u (local.get $row) (i32.const 393216)))))

  (func (export "run") (result i64)
    (local $p i32) (local $sum i64)
    (call $multiply)
    (local.set $p (i32.const 262144))
    (loop $add
      (local.set $sum (i64.xor (i64.rotl (local.get $sum) (i64.const 7)) (i64.load (local.get $p))))
      (local.set $p (i32.add (local.get $p) (i32.const 8)))
      (br_if $add (i32.lt_u (local.get $p) (i32.const 393216))))
    (local.get $sum)))
