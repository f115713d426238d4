; The loop over orders: words of a file become facts, the rules run, the facts go.
;
; ?spelling is `joined` (a fact for the order and one for each tag of a line) or `wide` (the order's
; fields repeated in each line's facts, so that a rule is one pattern).
(defglobal ?*lines* = 0)
(set-reset-globals FALSE)
(deffunction decide-all (?spelling ?file)
  (open ?file orders)
  (bind ?country (read orders))
  (while (neq ?country EOF)
    (bind ?total (read orders))
    (if (eq ?spelling joined) then (assert (order ?country ?total)))
    (loop-for-count (?line 1 5)
      (loop-for-count 2
        (if (eq ?spelling joined)
          then (assert (tag (read orders) ?line))
          else (assert (line (read orders) ?country ?total ?line)))))
    (run)
    (reset)
    (bind ?country (read orders)))
  (close orders))
