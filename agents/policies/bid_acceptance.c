// Whether a bid may win a task. Input:
// {"task":{"budgetWei","minimumReputation","capabilities":[],"timeoutSeconds"},
//  "bid":{"priceWei","etaSeconds"},"agent":{"reputation","revoked","stakeWei","capabilities":[]},
//  "terms":{"minimumStakeWei"}}
#include "../shared/policy.h"

static const char *decide(json input) {
  json task = member(input, "task"), bid = member(input, "bid"), agent = member(input, "agent");
  json budget = member(task, "budgetWei"), price = member(bid, "priceWei"), stake = member(agent, "stakeWei");
  json minimum_stake = member(member(input, "terms"), "minimumStakeWei");
  i64 reputation, minimum, eta, timeout;
  if (!is_amount(budget) || !is_amount(price) || !is_amount(stake) || !is_amount(minimum_stake))
    return "amount_unreadable";
  if (!whole(member(agent, "reputation"), &reputation) || !whole(member(task, "minimumReputation"), &minimum))
    return "reputation_unreadable";
  if (!whole(member(bid, "etaSeconds"), &eta) || !whole(member(task, "timeoutSeconds"), &timeout))
    return "time_unreadable";

  if (!is_false(member(agent, "revoked"))) return "agent_revoked";
  if (compare(price, budget) > 0) return "price_above_budget";
  if (compare(stake, minimum_stake) < 0) return "stake_too_low";
  if (reputation < minimum) return "reputation_too_low";
  if (eta < 1 || eta > timeout) return "too_slow";
  if (!contains_all(member(agent, "capabilities"), member(task, "capabilities"))) return "capability_missing";
  return 0;
}
