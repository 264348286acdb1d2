// A reader of JSON that copies nothing: a value is the span of its text. The whole text is checked once (RFC 8259,
// nesting at most 32, at most 64 members an object, none named twice); after that, lookups trust it. A string with
// escapes equals nothing, so that a policy forbids what it cannot compare.
#ifndef JSON_H
#define JSON_H

#include "basics.h"

enum { DEPTH_LIMIT = 32, MEMBER_LIMIT = 64 };

typedef struct { const u8 *at, *end; } json;

static const json nothing = {0, 0};

static const u8 *skip_space(const u8 *at, const u8 *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
  return at;
}

static int is_hex(u8 b) { return (b >= '0' && b <= '9') || ((b | 32) >= 'a' && (b | 32) <= 'f'); }

// Each `after` answers the end of what starts at `at`, or null where it is malformed.
static const u8 *after_string(const u8 *at, const u8 *end) {
  for (at++; at < end && *at != '"'; at++) {
    if (*at < ' ') return 0;
    if (*at != '\\') continue;
    if (++at == end) return 0;
    if (*at == 'u') {
      for (u32 i = 0; i < 4; i++)
        if (++at >= end || !is_hex(*at)) return 0;
    } else {
      const char *escapes = "\"\\/bfnrt";
      while (*escapes && *at != (u8)*escapes) escapes++;
      if (!*escapes) return 0;
    }
  }
  return at < end ? at + 1 : 0;
}

static const u8 *after_digits(const u8 *at, const u8 *end) {
  const u8 *from = at;
  while (at < end && *at >= '0' && *at <= '9') at++;
  return at == from ? 0 : at;
}

static const u8 *after_number(const u8 *at, const u8 *end) {
  if (*at == '-') at++;
  if (at < end && *at == '0') at++;
  else if (!(at = after_digits(at, end))) return 0;
  if (at < end && *at == '.' && !(at = after_digits(at + 1, end))) return 0;
  if (at < end && (*at == 'e' || *at == 'E')) {
    at++;
    if (at < end && (*at == '+' || *at == '-')) at++;
    return after_digits(at, end);
  }
  return at;
}

static const u8 *after_literal(const u8 *at, const u8 *end, const char *word) {
  for (; *word; word++, at++)
    if (at >= end || *at != (u8)*word) return 0;
  return at;
}

static const u8 *after_value(const u8 *at, const u8 *end, u32 depth);

// The end of a value in text that was checked before: brackets are counted, and nothing is checked again.
static const u8 *skip_value(const u8 *at, const u8 *end) {
  for (u32 depth = 0; at < end;) {
    if (*at == '"') {
      at = after_string(at, end);
    } else if (*at == '{' || *at == '[') {
      depth++, at++;
      continue;
    } else if (*at == '}' || *at == ']') {
      if (depth == 0) return at;
      depth--, at++;
    } else if (depth == 0 && (*at == ',' || *at <= ' ')) {
      return at;
    } else {
      at++;
      continue;
    }
    if (depth == 0) return at;
  }
  return at;
}

// The value of a member of an object, or nothing. `limit` ends the search before a position.
static json member_before(json object, const char *name, u32 length, const u8 *limit) {
  if (!object.at || *object.at != '{') return nothing;
  const u8 *at = skip_space(object.at + 1, object.end);
  while (at < limit && *at == '"') {
    const u8 *after = after_string(at, object.end), *value = skip_space(skip_space(after, object.end) + 1, object.end);
    const u8 *end = skip_value(value, object.end);
    u32 i = 0;
    while (i < length && at + 1 + i < after - 1 && at[1 + i] == (u8)name[i]) i++;
    if (i == length && at + 1 + i == after - 1) return (json){value, end};
    at = skip_space(end, object.end);
    if (at < object.end && *at == ',') at = skip_space(at + 1, object.end);
  }
  return nothing;
}

static const u8 *after_members(const u8 *from, const u8 *end, u32 depth) {
  const u8 *at = skip_space(from + 1, end);
  if (at < end && *at == '}') return at + 1;
  for (u32 count = 0;; count++) {
    if (count == MEMBER_LIMIT || at >= end || *at != '"') return 0;
    const u8 *name = at;
    if (!(at = after_string(at, end))) return 0;
    if (member_before((json){from, end}, (const char *)name + 1, (u32)(at - name - 2), name).at) return 0;
    at = skip_space(at, end);
    if (at >= end || *at != ':' || !(at = after_value(skip_space(at + 1, end), end, depth + 1))) return 0;
    at = skip_space(at, end);
    if (at < end && *at == '}') return at + 1;
    if (at >= end || *at != ',') return 0;
    at = skip_space(at + 1, end);
  }
}

static const u8 *after_items(const u8 *at, const u8 *end, u32 depth) {
  at = skip_space(at + 1, end);
  if (at < end && *at == ']') return at + 1;
  for (;;) {
    if (!(at = after_value(at, end, depth + 1))) return 0;
    at = skip_space(at, end);
    if (at < end && *at == ']') return at + 1;
    if (at >= end || *at != ',') return 0;
    at = skip_space(at + 1, end);
  }
}

static const u8 *after_value(const u8 *at, const u8 *end, u32 depth) {
  if (!at || at >= end || depth > DEPTH_LIMIT) return 0;
  switch (*at) {
    case '{': return after_members(at, end, depth);
    case '[': return after_items(at, end, depth);
    case '"': return after_string(at, end);
    case 't': return after_literal(at, end, "true");
    case 'f': return after_literal(at, end, "false");
    case 'n': return after_literal(at, end, "null");
    default: return after_number(at, end);
  }
}

// The whole text as one value, or nothing where it is not JSON.
static json parse(const u8 *bytes, u32 length) {
  const u8 *end = bytes + length, *from = skip_space(bytes, end), *to = after_value(from, end, 0);
  return to && skip_space(to, end) == end ? (json){from, to} : nothing;
}

static json member(json object, const char *name) {
  return member_before(object, name, text_length(name), object.end);
}

// Iterates an array: start with `nothing`, ends with `nothing`.
static json item_after(json array, json item) {
  if (!array.at || *array.at != '[') return nothing;
  const u8 *at = skip_space(item.at ? item.end : array.at + 1, array.end);
  if (item.at && *at == ',') at = skip_space(at + 1, array.end);
  if (*at == ']') return nothing;
  return (json){at, skip_value(at, array.end)};
}

static int is_true(json value) { return value.at && *value.at == 't'; }
static int is_false(json value) { return value.at && *value.at == 'f'; }
static int is_array(json value) { return value.at && *value.at == '['; }
static int is_text(json value) { return value.at && *value.at == '"'; }

static int same(json a, json b) {
  if (!a.at || !b.at || a.end - a.at != b.end - b.at) return 0;
  for (const u8 *x = a.at, *y = b.at; x < a.end; x++, y++)
    if (*x != *y || *x == '\\') return 0;
  return 1;
}

static int contains(json array, json wanted) {
  for (json item = item_after(array, nothing); item.at; item = item_after(array, item))
    if (same(item, wanted)) return 1;
  return 0;
}

// Whether every item of `wanted` stands in `offered`; both must be arrays.
static int contains_all(json offered, json wanted) {
  if (!is_array(offered) || !is_array(wanted)) return 0;
  for (json item = item_after(wanted, nothing); item.at; item = item_after(wanted, item))
    if (!contains(offered, item)) return 0;
  return 1;
}

// A whole number of at most 15 digits; answers whether there is one.
static int whole(json value, i64 *number) {
  if (!value.at) return 0;
  const u8 *at = value.at;
  int negative = *at == '-';
  at += negative;
  if (value.end - at > 15 || at == value.end) return 0;
  u64 sum = 0;
  for (; at < value.end; at++) {
    if (*at < '0' || *at > '9') return 0;
    sum = sum * 10 + (*at - '0');
  }
  *number = negative ? -(i64)sum : (i64)sum;
  return 1;
}

// An amount: a string of decimal digits without leading zeros, at most 78 (2^256 has as many).
static int is_amount(json value) {
  if (!is_text(value)) return 0;
  long digits = value.end - value.at - 2;
  if (digits < 1 || digits > 78 || (digits > 1 && value.at[1] == '0')) return 0;
  for (const u8 *at = value.at + 1; at < value.end - 1; at++)
    if (*at < '0' || *at > '9') return 0;
  return 1;
}

// Below zero, zero or above zero as amount a is less than, equal to or more than b.
static int compare(json a, json b) {
  if (a.end - a.at != b.end - b.at) return a.end - a.at < b.end - b.at ? -1 : 1;
  for (const u8 *x = a.at, *y = b.at; x < a.end; x++, y++)
    if (*x != *y) return *x < *y ? -1 : 1;
  return 0;
}

#endif
