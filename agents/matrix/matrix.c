// The product of matrices. Enters: text; "rows columns" and then the numbers row by row, for one matrix after another.
// Leaves: the product of all of them in the same format, six decimals at most. Sums run in the order of the index, so
// the bits of every result are the same on every machine.
#include "../shared/agent.h"

enum { SIDE_LIMIT = 512, MATRIX_LIMIT = 64, DIGIT_LIMIT = 18 };

typedef struct { u32 rows, columns; double *cells; } matrix;

static text input;
static u32 at;

static void skip_blanks(void) {
  while (at < input.length && input.bytes[at] <= ' ') at++;
}

static int is_digit(void) { return at < input.length && input.bytes[at] >= '0' && input.bytes[at] <= '9'; }

static double read_number(void) {
  skip_blanks();
  int negative = at < input.length && input.bytes[at] == '-';
  at += negative;
  if (!is_digit()) refuse("expected a number of digits with at most one point");
  u64 digits = 0, scale = 1;
  u32 count = 0;
  for (; is_digit(); at++, count++) digits = digits * 10 + (input.bytes[at] - '0');
  if (at < input.length && input.bytes[at] == '.')
    for (at++; is_digit(); at++, count++, scale *= 10) digits = digits * 10 + (input.bytes[at] - '0');
  if (count > DIGIT_LIMIT) refuse("expected at most 18 digits a number");
  double number = (double)digits / (double)scale;
  return negative ? -number : number;
}

static u32 read_side(void) {
  double side = read_number();
  if (!(side >= 1 && side <= SIDE_LIMIT) || side != (double)(u32)side) refuse("expected a side from 1 to 512");
  return (u32)side;
}

static matrix read_matrix(void) {
  matrix m = {read_side(), 0, 0};
  m.columns = read_side();
  m.cells = allocate_bytes(m.rows * m.columns * sizeof(double));
  for (u32 i = 0; i < m.rows * m.columns; i++) m.cells[i] = read_number();
  return m;
}

static matrix multiply(matrix a, matrix b) {
  if (a.columns != b.rows) refuse("expected as many rows as the matrix before has columns");
  matrix c = {a.rows, b.columns, allocate_bytes(a.rows * b.columns * sizeof(double))};
  for (u32 row = 0; row < c.rows; row++)
    for (u32 column = 0; column < c.columns; column++) {
      double sum = 0;
      for (u32 k = 0; k < a.columns; k++) sum += a.cells[row * a.columns + k] * b.cells[k * b.columns + column];
      c.cells[row * c.columns + column] = sum;
    }
  return c;
}

// Six decimals, rounded half away from zero, without trailing zeros.
static void put_real(double number) {
  double size = number < 0 ? -number : number;
  if (!(size < 9e12)) refuse("expected results below 9e12");
  u64 millionths = (u64)(size * 1e6 + 0.5);
  if (number < 0 && millionths) put('-');
  put_number((i64)(millionths / 1000000));
  u32 rest = (u32)(millionths % 1000000);
  if (!rest) return;
  put('.');
  for (u32 unit = 100000; rest; rest %= unit, unit /= 10) put((u8)('0' + rest / unit));
}

void run(void) {
  input = read_input();
  matrix product = read_matrix();
  u32 count = 1;
  for (skip_blanks(); at < input.length; skip_blanks(), count++) {
    if (count == MATRIX_LIMIT) refuse("expected at most 64 matrices");
    product = multiply(product, read_matrix());
  }
  put_number(product.rows);
  put(' ');
  put_number(product.columns);
  put('\n');
  for (u32 i = 0; i < product.rows * product.columns; i++) {
    put_real(product.cells[i]);
    put((i + 1) % product.columns ? ' ' : '\n');
  }
}
