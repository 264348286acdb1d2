// A caption from classical features. Enters: a picture as binary PNM (P5, P6) or uncompressed BMP (24 or 32 bits).
// Leaves: one English sentence: shape, brightness, contrast, colours, how busy, where the light lies, symmetry.
// Integers only, and every word follows from a named threshold.
#include "../shared/agent.h"

enum { SIDE_LIMIT = 8192, HUES = 9 };
enum { DARK = 70, BRIGHT = 180, FLAT = 24, STRONG = 70, EDGE = 96, GREY_SPREAD = 28 };
enum { SHARE_NAMED = 12, SHARE_WHOLE = 75 };

typedef struct { u32 width, height, stride, step; const u8 *first; i32 down; u8 red, green, blue; } picture;

static text input;
static const char *const hue_names[HUES] = {
    "red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "grey"};

static u32 little(u32 at, u32 bytes) {
  u32 value = 0;
  if (at + bytes > input.length) refuse("expected a whole BMP header");
  for (u32 i = 0; i < bytes; i++) value |= (u32)input.bytes[at + i] << 8 * i;
  return value;
}

static u32 pnm_number(u32 *at) {
  for (;; ++*at) {
    if (*at >= input.length) refuse("expected a whole PNM header");
    if (input.bytes[*at] == '#')
      while (*at < input.length && input.bytes[*at] != '\n') ++*at;
    else if (input.bytes[*at] > ' ')
      break;
  }
  u32 value = 0, digits = 0;
  for (; *at < input.length && input.bytes[*at] >= '0' && input.bytes[*at] <= '9' && digits < 6; ++*at, digits++)
    value = value * 10 + (input.bytes[*at] - '0');
  if (!digits) refuse("expected a number in the PNM header");
  return value;
}

static void check_sides(u32 width, u32 height) {
  if (!width || !height || width > SIDE_LIMIT || height > SIDE_LIMIT) refuse("expected sides from 1 to 8192");
}

static picture read_pnm(void) {
  u32 at = 2, channels = input.bytes[1] == '6' ? 3 : 1;
  picture p = {pnm_number(&at), 0, 0, channels, 0, 1, 0, channels / 2, channels - 1};
  p.height = pnm_number(&at);
  if (pnm_number(&at) != 255) refuse("expected 255 as the largest PNM value");
  check_sides(p.width, p.height);
  p.stride = p.width * channels;
  if (++at > input.length || (u64)p.stride * p.height > input.length - at)
    refuse("expected as many samples as the sides say");
  p.first = input.bytes + at;
  return p;
}

static picture read_bmp(void) {
  u32 offset = little(10, 4), bits = little(28, 2);
  i32 height = (i32)little(22, 4);
  picture p = {little(18, 4), 0, 0, bits / 8, 0, height < 0, 2, 1, 0};
  p.height = height < 0 ? 0u - (u32)height : (u32)height;
  if (little(14, 4) < 40 || (bits != 24 && bits != 32) || (little(30, 4) != 0 && little(30, 4) != 3))
    refuse("expected an uncompressed BMP of 24 or 32 bits");
  check_sides(p.width, p.height);
  p.stride = (p.width * p.step + 3) & ~3u;
  if (offset > input.length || (u64)p.stride * p.height > input.length - offset) refuse("expected a whole BMP");
  p.first = input.bytes + offset;
  return p;
}

static const u8 *pixel(const picture *p, u32 x, u32 y) {
  return p->first + (p->down ? y : p->height - 1 - y) * p->stride + x * p->step;
}

static u32 light(const picture *p, u32 x, u32 y) {
  const u8 *at = pixel(p, x, y);
  return (299 * at[p->red] + 587 * at[p->green] + 114 * at[p->blue]) / 1000;
}

static u32 hue(const u8 *at, const picture *p) {
  i32 r = at[p->red], g = at[p->green], b = at[p->blue];
  i32 most = r > g ? (r > b ? r : b) : (g > b ? g : b), least = r < g ? (r < b ? r : b) : (g < b ? g : b);
  i32 spread = most - least;
  if (spread < GREY_SPREAD) return 8;
  i32 degrees = most == r   ? 60 * (g - b) / spread
                : most == g ? 120 + 60 * (b - r) / spread
                            : 240 + 60 * (r - g) / spread;
  if (degrees < 0) degrees += 360;
  static const i32 ends[] = {15, 45, 70, 165, 200, 260, 300, 345};
  for (u32 i = 0; i < 8; i++)
    if (degrees < ends[i]) return i;
  return 0;
}

typedef struct {
  u64 sum, squares, edges, mirror, upper, lower, left, right, hues[HUES];
} features;

static void measure(const picture *p, features *f) {
  for (u32 y = 0; y < p->height; y++)
    for (u32 x = 0; x < p->width; x++) {
      u32 here = light(p, x, y);
      f->sum += here;
      f->squares += here * here;
      f->hues[hue(pixel(p, x, y), p)]++;
      *(y < p->height / 2 ? &f->upper : &f->lower) += here;
      *(x < p->width / 2 ? &f->left : &f->right) += here;
      i32 across = (i32)here - (i32)light(p, p->width - 1 - x, y);
      f->mirror += (u64)(across < 0 ? -across : across);
      if (!x || !y || x + 1 == p->width || y + 1 == p->height) continue;
      i32 dx = (i32)light(p, x + 1, y) - (i32)light(p, x - 1, y);
      i32 dy = (i32)light(p, x, y + 1) - (i32)light(p, x, y - 1);
      f->edges += (u32)((dx < 0 ? -dx : dx) + (dy < 0 ? -dy : dy)) > EDGE;
    }
}

static u32 root(u64 square) {
  u64 low = 0, high = 1u << 16;
  while (high - low > 1) {
    u64 middle = (low + high) / 2;
    *(middle * middle <= square ? &low : &high) = middle;
  }
  return (u32)low;
}

static void put_colours(const features *f, u64 pixels) {
  u32 first = 8, second = HUES;
  for (u32 i = 0; i < HUES; i++)
    if (f->hues[i] > f->hues[first]) first = i;
  for (u32 i = 0; i < HUES; i++)
    if (i != first && (second == HUES || f->hues[i] > f->hues[second])) second = i;
  put_text(f->hues[first] * 100 >= pixels * SHARE_WHOLE ? "almost all " : "mostly ");
  put_text(hue_names[first]);
  if (f->hues[second] * 100 >= pixels * SHARE_NAMED) {
    put_text(" with ");
    put_text(hue_names[second]);
  }
}

static void put_caption(const picture *p, const features *f) {
  u64 pixels = (u64)p->width * p->height, mean = f->sum / pixels;
  u32 contrast = root(f->squares / pixels - mean * mean);
  put_text(mean < DARK ? "A dark" : mean > BRIGHT ? "A bright" : "A medium-bright");
  put_text(contrast < FLAT ? ", flat " : contrast > STRONG ? ", high-contrast " : " ");
  put_text(p->width * 5 > p->height * 6 ? "landscape" : p->height * 5 > p->width * 6 ? "portrait" : "square");
  put_text(" picture (");
  put_number(p->width);
  put_text(" x ");
  put_number(p->height);
  put_text("), ");
  put_colours(f, pixels);
  u64 busy = f->edges * 1000 / pixels;
  put_text(busy > 120 ? ", full of detail" : busy > 20 ? ", with clear outlines" : ", smooth");
  u64 step = pixels * 12;
  if (f->upper > f->lower + step) put_text(", lighter at the top like a sky over land");
  else if (f->lower > f->upper + step) put_text(", lighter at the bottom");
  else if (f->left > f->right + step) put_text(", lit from the left");
  else if (f->right > f->left + step) put_text(", lit from the right");
  if (contrast >= FLAT && f->mirror / pixels < 6) put_text(", symmetric");
  put_text(".\n");
}

void run(void) {
  input = read_input();
  picture p;
  if (input.length > 2 && input.bytes[0] == 'P' && (input.bytes[1] == '5' || input.bytes[1] == '6')) p = read_pnm();
  else if (input.length > 54 && input.bytes[0] == 'B' && input.bytes[1] == 'M') p = read_bmp();
  else refuse("expected a binary PNM (P5, P6) or a BMP");
  features f = {0};
  measure(&p, &f);
  put_caption(&p, &f);
}
