;; A bid checked against a task's terms: what a keeper asks for each bid. The terms are globals; check() answers 0 for
;; accepted or the number of the first term that fails. run() checks a million bids in a loop of its own, so that the
;; figure is the guest's work; the call from the host is measured beside it.
(module
  (global $budget i32 (i32.const 1000))
  (global $least_price i32 (i32.const 250))
  (global $minimum_reputation i32 (i32.const 10))
  (global $required_capabilities i32 (i32.const 6))

  (func (export "setup"))

  (func (export "run") (result i64) (local $i i32) (local $sum i32)
    (loop $again
      (local.set $sum
        (i32.add
          (i32.mul (local.get $sum) (i32.const 31))
          (call $check
            (i32.add (i32.const 900) (i32.and (local.get $i) (i32.const 127)))
            (i32.and (local.get $i) (i32.const 63))
            (i32.and (local.get $i) (i32.const 255)))))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000000))))
    (i64.extend_i32_u (local.get $sum)))

  (func $check (export "check") (param $price i32) (param $reputation i32) (param $capabilities i32) (result i32)
    (if (i32.gt_u (local.get $price) (global.get $budget)) (then (return (i32.const 1))))
    (if (i32.lt_s (local.get $reputation) (global.get $minimum_reputation)) (then (return (i32.const 2))))
    (if (i32.ne
          (i32.and (local.get $capabilities) (global.get $required_capabilities))
          (global.get $required_capabilities))
      (then (return (i32.const 3))))
    (if (i32.lt_u (local.get $price) (global.get $least_price)) (then (return (i32.const 4))))
    (i32.const 0)))
