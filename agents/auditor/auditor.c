// A lint of Solidity source. Enters: one source file on standard input. Leaves: JSON,
// {"findings":[{"rule","severity","line","column","message"}],"lines"}, in the order of the source.
// The source is cut into tokens (comments and strings set aside), and every rule looks at tokens alone: it knows no
// types, so it errs on the side of saying something. Each rule is one function of the position.
#include "../shared/agent.h"

enum { TOKEN_LIMIT = 1 << 18, FINDING_LIMIT = 1000 };
enum kind { WORD, NUMBER, STRING, SIGN, COMMENT };

typedef struct { u32 from, length, line, column; u8 kind; } token;

static text input;
static token *tokens;
static u32 token_count, lines = 1, finding_count;

static int is_letter(u8 b) { return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_' || b == '$'; }
static int is_digit(u8 b) { return b >= '0' && b <= '9'; }

static u32 end_of_comment(u32 at) {
  if (input.bytes[at + 1] == '/') {
    while (at < input.length && input.bytes[at] != '\n') at++;
    return at;
  }
  for (at += 2; at + 1 < input.length; at++)
    if (input.bytes[at] == '*' && input.bytes[at + 1] == '/') return at + 2;
  return input.length;
}

static u32 end_of_string(u32 at) {
  u8 quote = input.bytes[at];
  for (at++; at < input.length && input.bytes[at] != quote && input.bytes[at] != '\n'; at++)
    if (input.bytes[at] == '\\') at++;
  return at < input.length ? at + 1 : input.length;
}

static u32 end_of_word(u32 at) {
  while (at < input.length && (is_letter(input.bytes[at]) || is_digit(input.bytes[at]))) at++;
  return at;
}

static void cut(void) {
  u32 line_start = 0;
  tokens = allocate_bytes((input.length + 1 < TOKEN_LIMIT ? input.length + 1 : TOKEN_LIMIT) * sizeof(token));
  for (u32 at = 0; at < input.length;) {
    u8 byte = input.bytes[at];
    u32 from = at, line = lines, column = at - line_start + 1;
    u8 kind = SIGN;
    if (byte <= ' ') {
      at++;
      if (byte == '\n') lines++, line_start = at;
      continue;
    }
    if (byte == '/' && at + 1 < input.length && (input.bytes[at + 1] == '/' || input.bytes[at + 1] == '*')) {
      kind = COMMENT;
      at = end_of_comment(at);
    } else if (byte == '"' || byte == '\'') {
      kind = STRING;
      at = end_of_string(at);
    } else if (is_letter(byte) || is_digit(byte)) {
      kind = is_letter(byte) ? WORD : NUMBER;
      at = end_of_word(at);
    } else {
      at++;
    }
    if (token_count == TOKEN_LIMIT) refuse("expected at most 262144 tokens");
    tokens[token_count++] = (token){from, at - from, line, column, kind};
    for (u32 i = from; i < at && kind == COMMENT; i++)
      if (input.bytes[i] == '\n') lines++, line_start = i + 1;
  }
}

static int is(u32 at, const char *word) {
  return at < token_count && tokens[at].kind != STRING && tokens[at].kind != COMMENT &&
         equals(input.bytes + tokens[at].from, tokens[at].length, word);
}

static int is_any(u32 at, const char *const *list) {
  for (; *list; list++)
    if (is(at, *list)) return 1;
  return 0;
}

static void find(u32 at, const char *rule, const char *severity, const char *message) {
  if (finding_count == FINDING_LIMIT) return;
  put_text(finding_count++ ? ",\n  " : "\n  ");
  put_text("{\"rule\":\"");
  put_text(rule);
  put_text("\",\"severity\":\"");
  put_text(severity);
  put_text("\",\"line\":");
  put_number(tokens[at].line);
  put_text(",\"column\":");
  put_number(tokens[at].column);
  put_text(",\"message\":\"");
  put_text(message);
  put_text("\"}");
}

// The index after the bracket that closes the one at `at`.
static u32 after_bracket(u32 at, const char *open, const char *close) {
  u32 depth = 0;
  for (; at < token_count; at++) {
    if (is(at, open)) depth++;
    if (is(at, close) && --depth == 0) return at + 1;
  }
  return token_count;
}

// The first token of the statement that holds `at`.
static u32 start_of_statement(u32 at) {
  while (at > 0 && !is(at - 1, ";") && !is(at - 1, "{") && !is(at - 1, "}")) at--;
  while (at < token_count && tokens[at].kind == COMMENT) at++;
  return at;
}

static void rule_origin(u32 at) {
  if (is(at, "tx") && is(at + 1, ".") && is(at + 2, "origin"))
    find(at, "tx-origin", "high", "tx.origin names the first sender; a contract in between can act for him");
}

static void rule_destruct(u32 at) {
  if (is(at, "selfdestruct") || is(at, "suicide"))
    find(at, "selfdestruct", "high", "selfdestruct sends all value away and is deprecated");
}

static void rule_delegatecall(u32 at) {
  if (is(at, "delegatecall") && at > 0 && is(at - 1, "."))
    find(at, "delegatecall", "high", "delegatecall runs foreign code on this contract's storage");
}

static void rule_time(u32 at) {
  static const char *const comparisons[] = {"<", ">", "=", "%", 0};
  if (!is(at, "block") || !is(at + 1, ".") || !is(at + 2, "timestamp")) return;
  if ((at > 0 && is_any(at - 1, comparisons)) || is_any(at + 3, comparisons))
    find(at, "timestamp", "low", "a decision by block.timestamp can be shifted by the block's proposer");
}

static void rule_randomness(u32 at) {
  static const char *const sources[] = {"prevrandao", "difficulty", 0};
  if (is(at, "blockhash") || (is(at, "block") && is(at + 1, ".") && is_any(at + 2, sources)))
    find(at, "weak-randomness", "medium", "block values are known to the proposer and are no secret randomness");
}

static void rule_unchecked_call(u32 at) {
  static const char *const checks[] = {"require", "if", "assert", "return", "=", 0};
  static const char *const calls[] = {"call", "send", "staticcall", "delegatecall", 0};
  if (!is_any(at, calls) || at == 0 || !is(at - 1, ".") || !(is(at + 1, "(") || is(at + 1, "{"))) return;
  for (u32 i = start_of_statement(at); i < at; i++)
    if (is_any(i, checks)) return;
  find(at, "unchecked-call", "high", "the result of a low-level call is dropped");
}

// A write to storage after a call that sends value: only names assigned without a type before them count.
static void rule_reentrancy(u32 at) {
  if (!is(at, "call") || at == 0 || !is(at - 1, ".") || !is(at + 1, "{") || !is(at + 2, "value")) return;
  u32 depth = 1;
  for (u32 i = at + 1; i + 1 < token_count && depth; i++) {
    if (is(i, "{")) depth++;
    if (is(i, "}")) depth--;
    static const char *const before[] = {"+", "-", "*", "/", "]", 0}, *const comparing[] = {"=", "!", "<", ">", 0};
    if (!is(i, "=") || is(i + 1, "=") || is_any(i - 1, comparing)) continue;
    u32 first = start_of_statement(i);
    if (is_any(i - 1, before) || first == i - 1) {
      find(i - 1, "reentrancy", "high", "state changes after value was sent; change it before, or lock");
      return;
    }
  }
}

static void rule_pragma(u32 at) {
  if (is(at, "pragma") && is(at + 1, "solidity") && (is(at + 2, "^") || is(at + 2, ">")))
    find(at, "floating-pragma", "low", "the compiler's version is not pinned");
}

static void rule_visibility(u32 at) {
  static const char *const visibilities[] = {"public", "external", "internal", "private", 0};
  if (!is(at, "function") || is(at + 1, "(")) return;
  u32 i = at;
  for (; i < token_count && !is(i, "{") && !is(i, ";"); i++)
    if (is_any(i, visibilities)) return;
  // A free function stands outside every contract and has no visibility.
  i32 depth = 0;
  for (u32 j = 0; j < at; j++) depth += is(j, "{") - is(j, "}");
  if (depth > 0) find(at, "visibility", "medium", "a function without a visibility");
}

static void rule_packed(u32 at) {
  if (!is(at, "encodePacked") || !is(at + 1, "(")) return;
  u32 end = after_bracket(at + 1, "(", ")"), depth = 0, commas = 0;
  for (u32 i = at + 1; i < end; i++) {
    depth += (is(i, "(") || is(i, "[")) - (is(i, ")") || is(i, "]"));
    commas += depth == 1 && is(i, ",");
  }
  if (commas) find(at, "packed-hash", "medium", "abi.encodePacked of several values can collide; use abi.encode");
}

static void rule_balance(u32 at) {
  if (is(at, "balance") && at > 0 && is(at - 1, ".") && is(at + 1, "=") && is(at + 2, "="))
    find(at, "strict-balance", "medium", "anyone can change a balance by sending value; do not compare it exactly");
}

static void rule_assembly(u32 at) {
  if (is(at, "assembly")) find(at, "assembly", "info", "inline assembly leaves the compiler's checks");
}

static void rule_transfer(u32 at) {
  static const char *const sends[] = {"transfer", "send", 0};
  if (!is_any(at, sends) || at == 0 || !is(at - 1, ".") || !is(at + 1, "(")) return;
  u32 end = after_bracket(at + 1, "(", ")"), depth = 0;
  for (u32 i = at + 1; i < end; i++) {
    depth += is(i, "(") - is(i, ")");
    if (depth == 1 && is(i, ",")) return; // two arguments: a token, not the chain's coin
  }
  find(at, "fixed-gas-send", "low", "transfer and send pass 2300 gas, which may stop sufficing");
}

static void rule_license(void) {
  static const char mark[] = "SPDX-License-Identifier:";
  for (u32 t = 0; t < token_count; t++)
    for (u32 i = 0; tokens[t].kind == COMMENT && i + sizeof mark - 1 <= tokens[t].length; i++)
      if (equals(input.bytes + tokens[t].from + i, sizeof mark - 1, mark)) return;
  if (token_count) find(0, "license", "info", "no SPDX license identifier");
}

void run(void) {
  static void (*const rules[])(u32) = {rule_origin,     rule_destruct,       rule_delegatecall, rule_time,
                                       rule_randomness, rule_unchecked_call, rule_reentrancy,   rule_pragma,
                                       rule_visibility, rule_packed,         rule_balance,      rule_assembly,
                                       rule_transfer};
  input = read_input();
  cut();
  put_text("{\"findings\":[");
  rule_license();
  for (u32 at = 0; at < token_count; at++)
    for (u32 rule = 0; rule < sizeof rules / sizeof *rules; rule++) rules[rule](at);
  put_text(finding_count ? "\n],\"lines\":" : "],\"lines\":");
  put_number(lines);
  put_text("}\n");
}
