// Whether a client may open a task. Input:
// {"task":{"budgetWei","timeoutSeconds","inputBytes","capabilities":[]},
//  "client":{"balanceWei","openTasks","submissionsToday","banned"},
//  "limits":{"openTasks","submissionsPerDay","inputBytes","minimumBudgetWei","capabilities":[]}}
#include "../shared/policy.h"

enum { TIMEOUT_LEAST = 60, TIMEOUT_MOST = 86400 };

static const char *decide(json input) {
  json task = member(input, "task"), client = member(input, "client"), limits = member(input, "limits");
  json budget = member(task, "budgetWei"), balance = member(client, "balanceWei");
  json least = member(limits, "minimumBudgetWei");
  i64 timeout, bytes, bytes_most, open, open_most, today, today_most;
  if (!is_amount(budget) || !is_amount(balance) || !is_amount(least)) return "amount_unreadable";
  if (!whole(member(task, "timeoutSeconds"), &timeout) || !whole(member(task, "inputBytes"), &bytes) ||
      !whole(member(client, "openTasks"), &open) || !whole(member(client, "submissionsToday"), &today) ||
      !whole(member(limits, "inputBytes"), &bytes_most) || !whole(member(limits, "openTasks"), &open_most) ||
      !whole(member(limits, "submissionsPerDay"), &today_most))
    return "number_unreadable";

  if (!is_false(member(client, "banned"))) return "client_banned";
  if (timeout < TIMEOUT_LEAST || timeout > TIMEOUT_MOST) return "timeout_out_of_range";
  if (compare(budget, least) < 0) return "budget_too_low";
  if (compare(budget, balance) > 0) return "budget_not_covered";
  if (bytes < 0 || bytes > bytes_most) return "input_too_large";
  if (open >= open_most) return "too_many_open_tasks";
  if (today >= today_most) return "too_many_submissions_today";
  if (!contains_all(member(limits, "capabilities"), member(task, "capabilities"))) return "capability_unknown";
  return 0;
}
