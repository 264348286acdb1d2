// Whether data may be leased for a purpose under the consent that its owner gave. Input:
// {"consent":{"purposes":[],"parties":[],"retentionSeconds","validFrom","validUntil","revoked","training"},
//  "request":{"purpose","party","retentionSeconds","training"},"now"}
#include "../shared/policy.h"

static const char *decide(json input) {
  json consent = member(input, "consent"), request = member(input, "request");
  json purpose = member(request, "purpose"), party = member(request, "party"), training = member(request, "training");
  i64 now, from, until, asked, granted;
  if (!is_text(purpose) || !is_text(party)) return "request_unreadable";
  if (!whole(member(input, "now"), &now) || !whole(member(consent, "validFrom"), &from) ||
      !whole(member(consent, "validUntil"), &until))
    return "time_unreadable";
  if (!whole(member(request, "retentionSeconds"), &asked) || !whole(member(consent, "retentionSeconds"), &granted))
    return "retention_unreadable";

  if (!is_false(member(consent, "revoked"))) return "consent_revoked";
  if (now < from) return "consent_not_yet_valid";
  if (now >= until) return "consent_expired";
  if (!contains(member(consent, "purposes"), purpose)) return "purpose_not_consented";
  if (!contains(member(consent, "parties"), party)) return "party_not_consented";
  if (asked < 0 || asked > granted) return "retention_too_long";
  if (now + asked > until) return "retention_outlives_consent";
  if (!is_false(training) && !is_true(member(consent, "training"))) return "training_not_consented";
  return 0;
}
