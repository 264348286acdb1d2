;; One pass over 1 MiB of JSON, byte by byte: strings with escapes, nesting, integers. Memory: a record's pattern at 0,
;; the text at 65536. setup() repeats the record with running numbers; run() mixes the number of strings, the deepest
;; nesting, the number of separators and the sum of all integers into one checksum.
(module
  (memory (export "memory") 18 18)
  (data (i32.const 0)
    "{\"id\":########,\"name\":\"agent \\\"seven\\\" of nine\",\"tags\":[\"vision\",\"code\",\"audit\"],"
    "\"price\":{\"wei\":125000,\"unit\":\"gwei\"},\"ok\":true,\"score\":-42,\"note\":\"\\u00e9\\n plain text\"},\n")

  (func (export "setup")
    (local $p i32) (local $from i32) (local $byte i32) (local $record i32)
    (local.set $p (i32.const 65536))
    (i32.store8 (local.get $p) (i32.const 0x5b))
    (loop $write
      (local.set $p (i32.add (local.get $p) (i32.const 1)))
      (local.set $byte (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (if (i32.eqz (local.get $byte))
        (then
          (local.set $byte (i32.const 0x20))
          (local.set $from (i32.const 0))
          (local.set $record (i32.add (local.get $record) (i32.const 7919)))))
      (if (i32.eq (local.get $byte) (i32.const 0x23))
        (then
          (local.set $byte
            (i32.add (i32.const 0x30)
              (i32.rem_u (i32.add (local.get $record) (i32.mul (local.get $from) (i32.const 3))) (i32.const 10))))))
      (i32.store8 (local.get $p) (local.get $byte))
      (br_if $write (i32.lt_u (local.get $p) (i32.const 1114111)))))

  (func (export "run") (result i64)
    (local $p i32) (local $byte i32) (local $depth i32) (local $deepest i32)
    (local $strings i32) (local $separators i32)
    (local $number i64) (local $sum i64)
    (local.set $p (i32.const 65536))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $p) (i32.const 1114112)))
        (local.set $byte (i32.load8_u (local.get $p)))
        (local.set $p (i32.add (local.get $p) (i32.const 1)))
        (if (i32.eq (local.get $byte) (i32.const 0x22))
          (then
            (local.set $strings (i32.add (local.get $strings) (i32.const 1)))
            (loop $string
              (br_if $done (i32.ge_u (local.get $p) (i32.const 1114112)))
              (local.set $byte (i32.load8_u (local.get $p)))
              (local.set $p (i32.add (local.get $p) (i32.const 1)))
              (br_if $next (i32.eq (local.get $byte) (i32.const 0x22)))
              (if (i32.eq (local.get $byte) (i32.const 0x5c))
                (then (local.set $p (i32.add (local.get $p) (i32.const 1)))))
              (br $string))))
        (if (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))
          (then
            (local.set $number (i64.const 0))
            (loop $digits
              (local.set $number
                (i64.add
                  (i64.mul (local.get $number) (i64.const 10))
                  (i64.extend_i32_u (i32.sub (local.get $byte) (i32.const 0x30)))))
              (local.set $byte (i32.load8_u (local.get $p)))
              (local.set $p (i32.add (local.get $p) (i32.const 1)))
              (br_if $digits (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))))
            (local.set $sum (i64.add (local.get $sum) (local.get $number)))))
        (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7b)) (i32.eq (local.get $byte) (i32.const 0x5b)))
          (then
            (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
            (if (i32.gt_s (local.get $depth) (local.get $deepest))
              (then (local.set $deepest (local.get $depth))))
            (br $next)))
        (if (i32.or (i32.eq (local.get $byte) (i32.const 0x7d)) (i32.eq (local.get $byte) (i32.const 0x5d)))
          (then
            (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
            (br $next)))
        (if (i32.or (i32.eq (local.get $byte) (i32.const 0x2c)) (i32.eq (local.get $byte) (i32.const 0x3a)))
          (then (local.set $separators (i32.add (local.get $separators) (i32.const 1)))))
        (br $next)))
    (i64.xor
      (i64.xor (local.get $sum) (i64.shl (i64.extend_i32_u (local.get $deepest)) (i64.const 56)))
      (i64.xor
        (i64.shl (i64.extend_i32_u (local.get $strings)) (i64.const 32))
        (i64.extend_i32_u (local.get $separators))))))
