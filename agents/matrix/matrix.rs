// The same agent as matrix.c in Rust, equal in every byte of output. Not built here, for the machine lacks Rust's library
// for wasm32-wasip1; elsewhere: rustc --target wasm32-wasip1 -O matrix.rs
use std::io::{stdin, Read};
use std::process::exit;

const SIDE_LIMIT: usize = 512;
const MATRIX_LIMIT: usize = 64;
const DIGIT_LIMIT: usize = 18;

struct Matrix {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

fn refuse(expected: &str) -> ! {
    eprintln!("{expected}");
    exit(65)
}

fn number(word: Option<&str>) -> f64 {
    let malformed = "expected a number of digits with at most one point";
    let word = word.unwrap_or_else(|| refuse(malformed));
    let (negative, digits) = word.strip_prefix('-').map_or((false, word), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, fraction].concat();
    if whole.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        refuse(malformed);
    }
    if all.len() > DIGIT_LIMIT {
        refuse("expected at most 18 digits a number");
    }
    let size = all.parse::<u64>().unwrap_or(0) as f64 / 10u64.pow(fraction.len() as u32) as f64;
    if negative { -size } else { size }
}

fn side(word: Option<&str>) -> usize {
    let side = number(word);
    if side < 1.0 || side > SIDE_LIMIT as f64 || side.fract() != 0.0 {
        refuse("expected a side from 1 to 512");
    }
    side as usize
}

fn read<'a>(rows: Option<&'a str>, words: &mut impl Iterator<Item = &'a str>) -> Matrix {
    let (rows, columns) = (side(rows), side(words.next()));
    Matrix { rows, columns, cells: (0..rows * columns).map(|_| number(words.next())).collect() }
}

fn multiply(a: &Matrix, b: &Matrix) -> Matrix {
    if a.columns != b.rows {
        refuse("expected as many rows as the matrix before has columns");
    }
    let cell = |row: usize, column: usize| {
        (0..a.columns).fold(0.0, |sum, k| sum + a.cells[row * a.columns + k] * b.cells[k * b.columns + column])
    };
    let cells = (0..a.rows * b.columns).map(|i| cell(i / b.columns, i % b.columns)).collect();
    Matrix { rows: a.rows, columns: b.columns, cells }
}

// Six decimals, rounded half away from zero, without trailing zeros.
fn text(number: f64) -> String {
    if !(number.abs() < 9e12) {
        refuse("expected results below 9e12");
    }
    let millionths = (number.abs() * 1e6 + 0.5) as u64;
    let sign = if number < 0.0 && millionths > 0 { "-" } else { "" };
    let decimals = format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    decimals.trim_end_matches('0').trim_end_matches('.').to_string()
}

fn main() {
    let mut bytes = Vec::new();
    if stdin().read_to_end(&mut bytes).is_err() {
        exit(74);
    }
    let input = String::from_utf8_lossy(&bytes);
    let mut words = input.split_ascii_whitespace();
    let first = words.next();
    let mut product = read(first, &mut words);
    let mut count = 1;
    while let Some(word) = words.next() {
        if count == MATRIX_LIMIT {
            refuse("expected at most 64 matrices");
        }
        let next = read(Some(word), &mut words);
        product = multiply(&product, &next);
        count += 1;
    }
    println!("{} {}", product.rows, product.columns);
    for row in product.cells.chunks(product.columns) {
        println!("{}", row.iter().map(|&cell| text(cell)).collect::<Vec<_>>().join(" "));
    }
}
