// An extractive summary. Enters: English text on standard input; the number of sentences as argument, by default 3.
// Leaves: the sentences whose words matter most, in the order of the text, one a line. A word weighs how often it
// occurs without being a stop word; a sentence weighs the mean of its words, and a little more where it opens the
// text. Integers only; equal weights go to the earlier sentence.
#include "../shared/agent.h"

enum { SENTENCE_LIMIT = 4096, WORD_SLOTS = 1 << 14, WORD_LIMIT = WORD_SLOTS / 2, DEFAULT_SENTENCES = 3, SCALE = 1024 };

typedef struct { u32 from, to; u64 weight; u8 chosen; } sentence;
typedef struct { u32 hash, count; } word;

static sentence sentences[SENTENCE_LIMIT];
static word words[WORD_SLOTS];
static u32 sentence_count, word_count;
static text input;

static const char stop_words[] =
    " a about after all also an and any are as at be because been before but by can could did do does for "
    "from had has have he her his how i if in into is it its may more most no not of on one only or other "
    "our out over she should so some such than that the their them then there these they this to under up "
    "was we were what when where which while who will with would you your ";

static u8 lower(u8 byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; }

static int in_word(u8 byte) {
  u8 low = lower(byte);
  return (low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low >= 0x80 || low == '\'';
}

static int is_stop_word(const u8 *bytes, u32 length) {
  for (const char *at = stop_words; at[1]; at++) {
    if (*at != ' ') continue;
    u32 i = 0;
    while (i < length && at[1 + i] == lower(bytes[i])) i++;
    if (i == length && at[1 + i] == ' ') return 1;
  }
  return length == 0;
}

// The slot of a word, by FNV-1a and open addressing; two words of one 32-bit hash count as one.
static word *slot_of(const u8 *bytes, u32 length) {
  u32 hash = 2166136261u;
  for (u32 i = 0; i < length; i++) hash = (hash ^ lower(bytes[i])) * 16777619u;
  if (!hash) hash = 1;
  u32 slot = hash % WORD_SLOTS;
  while (words[slot].hash && words[slot].hash != hash) slot = (slot + 1) % WORD_SLOTS;
  words[slot].hash = hash;
  return &words[slot];
}

static void count_words(void) {
  for (u32 at = 0; at < input.length;) {
    if (!in_word(input.bytes[at])) {
      at++;
      continue;
    }
    u32 from = at;
    while (at < input.length && in_word(input.bytes[at])) at++;
    if (at - from < 2 || is_stop_word(input.bytes + from, at - from)) continue;
    word *found = slot_of(input.bytes + from, at - from);
    if (found->count++ == 0 && ++word_count > WORD_LIMIT) refuse("expected at most 8192 different words");
  }
}

static int ends_sentence(u32 at) {
  u8 byte = input.bytes[at];
  if (byte == '\n') return at + 1 < input.length && input.bytes[at + 1] == '\n';
  if (byte != '.' && byte != '!' && byte != '?') return 0;
  return at + 1 == input.length || input.bytes[at + 1] <= ' ' || input.bytes[at + 1] == '"';
}

static void split(void) {
  for (u32 at = 0, from = 0; at < input.length; at++) {
    while (from == at && at < input.length && input.bytes[at] <= ' ') from = ++at;
    if (at >= input.length) return;
    if (!ends_sentence(at) && at + 1 < input.length) continue;
    if (sentence_count == SENTENCE_LIMIT) refuse("expected at most 4096 sentences");
    u32 to = at + 1 < input.length && input.bytes[at + 1] == '"' ? at + 2 : at + 1;
    sentences[sentence_count++] = (sentence){from, to, 0, 0};
    from = to;
    at = to - 1;
  }
}

static void weigh(sentence *s) {
  u64 sum = 0;
  u32 count = 0;
  for (u32 at = s->from; at < s->to;) {
    if (!in_word(input.bytes[at])) {
      at++;
      continue;
    }
    u32 from = at;
    while (at < s->to && in_word(input.bytes[at])) at++;
    count++;
    if (at - from >= 2 && !is_stop_word(input.bytes + from, at - from))
      sum += slot_of(input.bytes + from, at - from)->count;
  }
  // Very short sentences would win by one loud word: no mean is taken over fewer than six.
  s->weight = count ? sum * SCALE / (count < 6 ? 6 : count) : 0;
  if (s == sentences) s->weight += s->weight / 4;
}

static u32 wanted_sentences(void) {
  const char *given = argument(1);
  if (!given) return DEFAULT_SENTENCES;
  u32 number = 0;
  for (; *given >= '0' && *given <= '9' && number <= SENTENCE_LIMIT; given++)
    number = number * 10 + (u32)(*given - '0');
  if (*given || !number || number > SENTENCE_LIMIT) refuse("expected a number of sentences from 1 to 4096");
  return number;
}

static void put_sentence(const sentence *s) {
  int blank = 0;
  for (u32 at = s->from; at < s->to; at++) {
    if (input.bytes[at] <= ' ') {
      blank = 1;
      continue;
    }
    if (blank) put(' ');
    blank = 0;
    put(input.bytes[at]);
  }
  put('\n');
}

void run(void) {
  u32 wanted = wanted_sentences();
  input = read_input();
  count_words();
  split();
  for (u32 i = 0; i < sentence_count; i++) weigh(&sentences[i]);
  for (u32 turn = 0; turn < wanted && turn < sentence_count; turn++) {
    sentence *best = 0;
    for (u32 i = 0; i < sentence_count; i++)
      if (!sentences[i].chosen && (!best || sentences[i].weight > best->weight)) best = &sentences[i];
    best->chosen = 1;
  }
  for (u32 i = 0; i < sentence_count; i++)
    if (sentences[i].chosen) put_sentence(&sentences[i]);
}
