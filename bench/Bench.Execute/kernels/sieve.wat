;; The sieve of Eratosthenes over the first million numbers, one byte each. run() answers how many primes there are.
(module
  (memory (export "memory") 16 16)
  (func (export "setup"))

  (func (export "run") (result i64)
    (local $i i32) (local $j i32) (local $count i32)
    (memory.fill (i32.const 0) (i32.const 0) (i32.const 1000000))
    (local.set $i (i32.const 2))
    (loop $candidates
      (if (i32.eqz (i32.load8_u (local.get $i)))
        (then
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (if (i32.lt_u (local.get $i) (i32.const 1000))
            (then
              (local.set $j (i32.mul (local.get $i) (local.get $i)))
              (loop $multiples
                (i32.store8 (local.get $j) (i32.const 1))
                (local.set $j (i32.add (local.get $j) (local.get $i)))
                (br_if $multiples (i32.lt_u (local.get $j) (i32.const 1000000))))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $candidates (i32.lt_u (local.get $i) (i32.const 1000000))))
    (i64.extend_i32_u (local.get $count))))
