;; A bid checked against a task's terms: what a keeper asks for each bid. check() answers 0 for accepted or the number
;; of the first term that fails; numbers only, so that the figure is the engine's call and not a JSON reader.
(module
  (func (export "setup"))

  (func (export "check")
    (param $price i32) (param $budget i32) (param $reputation i32) (param $minimum i32)
    (param $capabilities i32) (param $required i32) (param $seconds_left i32)
    (result i32)
    (if (i32.gt_u (local.get $price) (local.get $budget)) (then (return (i32.const 1))))
    (if (i32.lt_s (local.get $reputation) (local.get $minimum)) (then (return (i32.const 2))))
    (if (i32.ne (i32.and (local.get $capabilities) (local.get $required)) (local.get $required))
      (then (return (i32.const 3))))
    (if (i32.lt_s (local.get $seconds_left) (i32.const 60)) (then (return (i32.const 4))))
    (if (i32.lt_u (i32.mul (local.get $price) (i32.const 4)) (local.get $budget)) (then (return (i32.const 5))))
    (i32.const 0)))
