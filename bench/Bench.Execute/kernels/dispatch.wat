;; A small interpreter's heart: one million steps over a program of 64 operations, each step a br_table of eight arms
;; and a call_indirect through a table of eight functions. run() answers the accumulator.
(module
  (type $step (func (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (table 8 8 funcref)
  (elem (i32.const 0) $add $sub $xor $mul $rotate $or $shift $mix)

  (func $add (type $step) (i32.add (local.get 0) (local.get 1)))
  (func $sub (type $step) (i32.sub (local.get 0) (local.get 1)))
  (func $xor (type $step) (i32.xor (local.get 0) (local.get 1)))
  (func $mul (type $step) (i32.mul (local.get 0) (i32.or (local.get 1) (i32.const 1))))
  (func $rotate (type $step) (i32.rotl (local.get 0) (local.get 1)))
  (func $or (type $step) (i32.or (local.get 0) (i32.and (local.get 1) (i32.const 0x55))))
  (func $shift (type $step) (i32.xor (local.get 0) (i32.shr_u (local.get 0) (i32.and (local.get 1) (i32.const 15)))))
  (func $mix (type $step) (i32.add (i32.mul (local.get 0) (i32.const 31)) (local.get 1)))

  (func (export "setup")
    (local $p i32) (local $x i32)
    (local.set $x (i32.const 7))
    (loop $fill
      (local.set $x (i32.add (i32.mul (local.get $x) (i32.const 1103515245)) (i32.const 12345)))
      (i32.store8 (local.get $p) (i32.shr_u (local.get $x) (i32.const 16)))
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (br_if $fill (i32.lt_u (local.get $p) (i32.const 64)))))

  (func (export "run") (result i64)
    (local $step i32) (local $operation i32) (local $value i32)
    (local.set $value (i32.const 1))
    (loop $steps
      (local.set $operation (i32.load8_u (i32.and (local.get $step) (i32.const 63))))
      (block $out
        (block $seven
          (block $six
            (block $five
              (block $four
                (block $three
                  (block $two
                    (block $one
                      (block $zero
                        (br_table $zero $one $two $three $four $five $six $seven
                          (i32.and (local.get $operation) (i32.const 7))))
                      (local.set $value (i32.add (local.get $value) (local.get $step)))
                      (br $out))
                    (local.set $value (i32.xor (local.get $value) (local.get $step)))
                    (br $out))
                  (local.set $value (i32.sub (local.get $value) (local.get $operation)))
                  (br $out))
                (local.set $value (i32.rotl (local.get $value) (i32.const 5)))
                (br $out))
              (local.set $value (i32.mul (local.get $value) (i32.const 17)))
              (br $out))
            (local.set $value (i32.xor (local.get $value) (i32.const -1)))
            (br $out))
          (local.set $value (i32.add (local.get $value) (i32.const 0x1234567)))
          (br $out))
        (local.set $value (i32.xor (local.get $value) (i32.shr_u (local.get $value) (i32.const 11)))))
      (local.set $value
        (call_indirect (type $step)
          (local.get $value)
          (local.get $step)
          (i32.and (i32.shr_u (local.get $operation) (i32.const 3)) (i32.const 7))))
      (local.set $step (i32.add (local.get $step) (i32.const 1)))
      (br_if $steps (i32.lt_u (local.get $step) (i32.const 1000000))))
    (i64.extend_i32_u (local.get $value))))
