// The ABI of a policy, without any import: a policy can reach nothing but its input. The host asks allocate(length) for
// room, writes the input JSON there, calls evaluate(address, length) and reads the decision JSON at the answer's upper
// 32 bits, as long as its lower 32 bits say. A decision is {"allow":true,"reason":"..."} and comes from `decide`, which
// answers null to allow or the name of the rule that forbids. What a policy does not understand it forbids.
#ifndef POLICY_H
#define POLICY_H

#include "json.h"

enum { POLICY_INPUT_LIMIT = 65536, DECISION_LIMIT = 256 };

static const char *decide(json input);

static u8 policy_input[POLICY_INPUT_LIMIT], decision[DECISION_LIMIT];

__attribute__((export_name("allocate"))) void *allocate(u32 length) {
  return length <= POLICY_INPUT_LIMIT ? policy_input : 0;
}

static u32 append(u32 used, const char *words) {
  for (; *words && used < DECISION_LIMIT; words++) decision[used++] = (u8)*words;
  return used;
}

__attribute__((export_name("evaluate"))) u64 evaluate(const u8 *address, u32 length) {
  json input = parse(address, length);
  const char *forbidden = input.at ? decide(input) : "malformed_input";
  u32 used = append(0, forbidden ? "{\"allow\":false,\"reason\":\"" : "{\"allow\":true,\"reason\":\"");
  used = append(append(used, forbidden ? forbidden : "all_rules_hold"), "\"}");
  return (u64)(u32)decision << 32 | used;
}

#endif
