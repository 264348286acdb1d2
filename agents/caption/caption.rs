// The same agent as caption.c in Rust, equal in every byte of output; how it is checked says README.md.
// Built elsewhere by: rustc --target wasm32-wasip1 -O caption.rs
use std::io::{stdin, Read};
use std::process::exit;

const INPUT_LIMIT: u64 = 16 * 1024 * 1024;
const SIDE_LIMIT: u32 = 8192;
const DARK: u64 = 70;
const BRIGHT: u64 = 180;
const FLAT: u64 = 24;
const STRONG: u64 = 70;
const EDGE: u32 = 96;
const GREY_SPREAD: i32 = 28;
const SHARE_NAMED: u64 = 12;
const SHARE_WHOLE: u64 = 75;
const GREY: usize = 8;
const HUE_NAMES: [&str; 9] = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "grey"];
const HUE_ENDS: [i32; 8] = [15, 45, 70, 165, 200, 260, 300, 345];

struct Picture<'a> {
    width: u32,
    height: u32,
    stride: usize,
    step: usize,
    samples: &'a [u8],
    down: bool,
    channels: [usize; 3],
}

#[derive(Default)]
struct Features {
    sum: u64,
    squares: u64,
    edges: u64,
    mirror: u64,
    upper: u64,
    lower: u64,
    left: u64,
    right: u64,
    hues: [u64; 9],
}

fn refuse(expected: &str) -> ! {
    eprintln!("{expected}");
    exit(65)
}

fn little(input: &[u8], at: usize, bytes: usize) -> u32 {
    let Some(field) = input.get(at..at + bytes) else { refuse("expected a whole BMP header") };
    field.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte))
}

fn pnm_number(input: &[u8], at: &mut usize) -> u32 {
    loop {
        match input.get(*at) {
            None => refuse("expected a whole PNM header"),
            Some(b'#') => *at += input[*at..].iter().take_while(|&&byte| byte != b'\n').count(),
            Some(&byte) if byte > b' ' => break,
            _ => {}
        }
        *at += 1;
    }
    let digits = input[*at..].iter().take(6).take_while(|byte| byte.is_ascii_digit());
    let number = digits.clone().fold(0, |value, &digit| value * 10 + u32::from(digit - b'0'));
    let count = digits.count();
    if count == 0 {
        refuse("expected a number in the PNM header");
    }
    *at += count;
    number
}

fn check_sides(width: u32, height: u32) {
    if width == 0 || height == 0 || width > SIDE_LIMIT || height > SIDE_LIMIT {
        refuse("expected sides from 1 to 8192");
    }
}

fn read_pnm(input: &[u8]) -> Picture<'_> {
    let mut at = 2;
    let step = if input[1] == b'6' { 3 } else { 1 };
    let (width, height) = (pnm_number(input, &mut at), pnm_number(input, &mut at));
    if pnm_number(input, &mut at) != 255 {
        refuse("expected 255 as the largest PNM value");
    }
    check_sides(width, height);
    let stride = width as usize * step;
    let samples = input.get(at + 1..).filter(|rest| stride * height as usize <= rest.len());
    let samples = samples.unwrap_or_else(|| refuse("expected as many samples as the sides say"));
    Picture { width, height, stride, step, samples, down: true, channels: [0, step / 2, step - 1] }
}

fn read_bmp(input: &[u8]) -> Picture<'_> {
    let (offset, bits) = (little(input, 10, 4) as usize, little(input, 28, 2));
    let tall = little(input, 22, 4) as i32;
    let (width, height) = (little(input, 18, 4), tall.unsigned_abs());
    let packed = little(input, 30, 4);
    if little(input, 14, 4) < 40 || (bits != 24 && bits != 32) || (packed != 0 && packed != 3) {
        refuse("expected an uncompressed BMP of 24 or 32 bits");
    }
    check_sides(width, height);
    let step = bits as usize / 8;
    let stride = (width as usize * step + 3) & !3;
    let samples = input.get(offset..).filter(|rest| stride * height as usize <= rest.len());
    let samples = samples.unwrap_or_else(|| refuse("expected a whole BMP"));
    Picture { width, height, stride, step, samples, down: tall < 0, channels: [2, 1, 0] }
}

impl Picture<'_> {
    fn pixel(&self, x: u32, y: u32) -> [i32; 3] {
        let row = if self.down { y } else { self.height - 1 - y };
        let at = row as usize * self.stride + x as usize * self.step;
        self.channels.map(|channel| i32::from(self.samples[at + channel]))
    }

    fn light(&self, x: u32, y: u32) -> u32 {
        let [red, green, blue] = self.pixel(x, y);
        ((299 * red + 587 * green + 114 * blue) / 1000) as u32
    }
}

fn hue([r, g, b]: [i32; 3]) -> usize {
    let most = r.max(g).max(b);
    let spread = most - r.min(g).min(b);
    if spread < GREY_SPREAD {
        return GREY;
    }
    let degrees = if most == r {
        60 * (g - b) / spread
    } else if most == g {
        120 + 60 * (b - r) / spread
    } else {
        240 + 60 * (r - g) / spread
    };
    let degrees = if degrees < 0 { degrees + 360 } else { degrees };
    HUE_ENDS.iter().position(|&end| degrees < end).unwrap_or(0)
}

fn measure(p: &Picture) -> Features {
    let mut f = Features::default();
    for y in 0..p.height {
        for x in 0..p.width {
            let here = p.light(x, y);
            f.sum += u64::from(here);
            f.squares += u64::from(here * here);
            f.hues[hue(p.pixel(x, y))] += 1;
            *(if y < p.height / 2 { &mut f.upper } else { &mut f.lower }) += u64::from(here);
            *(if x < p.width / 2 { &mut f.left } else { &mut f.right }) += u64::from(here);
            f.mirror += u64::from(here.abs_diff(p.light(p.width - 1 - x, y)));
            if x == 0 || y == 0 || x + 1 == p.width || y + 1 == p.height {
                continue;
            }
            let across = p.light(x + 1, y).abs_diff(p.light(x - 1, y));
            let along = p.light(x, y + 1).abs_diff(p.light(x, y - 1));
            f.edges += u64::from(across + along > EDGE);
        }
    }
    f
}

fn colours(f: &Features, pixels: u64) -> String {
    let first = (0..HUE_NAMES.len()).fold(GREY, |best, i| if f.hues[i] > f.hues[best] { i } else { best });
    let others = (0..HUE_NAMES.len()).filter(|&i| i != first);
    let second = others.reduce(|best, i| if f.hues[i] > f.hues[best] { i } else { best }).unwrap_or(first);
    let share = if f.hues[first] * 100 >= pixels * SHARE_WHOLE { "almost all" } else { "mostly" };
    let with = if f.hues[second] * 100 >= pixels * SHARE_NAMED { format!(" with {}", HUE_NAMES[second]) } else { String::new() };
    format!("{share} {}{with}", HUE_NAMES[first])
}

fn caption(p: &Picture, f: &Features) -> String {
    let pixels = u64::from(p.width) * u64::from(p.height);
    let mean = f.sum / pixels;
    let contrast = (f.squares / pixels - mean * mean).isqrt();
    let bright = if mean < DARK { "A dark" } else if mean > BRIGHT { "A bright" } else { "A medium-bright" };
    let contrasted = if contrast < FLAT { ", flat " } else if contrast > STRONG { ", high-contrast " } else { " " };
    let shape = if p.width * 5 > p.height * 6 {
        "landscape"
    } else if p.height * 5 > p.width * 6 {
        "portrait"
    } else {
        "square"
    };
    let busy = match f.edges * 1000 / pixels {
        121.. => ", full of detail",
        21..=120 => ", with clear outlines",
        _ => ", smooth",
    };
    let step = pixels * 12;
    let lit = if f.upper > f.lower + step {
        ", lighter at the top like a sky over land"
    } else if f.lower > f.upper + step {
        ", lighter at the bottom"
    } else if f.left > f.right + step {
        ", lit from the left"
    } else if f.right > f.left + step {
        ", lit from the right"
    } else {
        ""
    };
    let symmetric = if contrast >= FLAT && f.mirror / pixels < 6 { ", symmetric" } else { "" };
    let (width, height, colours) = (p.width, p.height, colours(f, pixels));
    format!("{bright}{contrasted}{shape} picture ({width} x {height}), {colours}{busy}{lit}{symmetric}.")
}

fn main() {
    let mut input = Vec::new();
    if stdin().take(INPUT_LIMIT + 1).read_to_end(&mut input).is_err() {
        exit(74);
    }
    if input.len() as u64 > INPUT_LIMIT {
        refuse("expected at most 16 MiB of input");
    }
    let picture = match input.as_slice() {
        [b'P', b'5' | b'6', _, ..] => read_pnm(&input),
        [b'B', b'M', ..] if input.len() > 54 => read_bmp(&input),
        _ => refuse("expected a binary PNM (P5, P6) or a BMP"),
    };
    println!("{}", caption(&picture, &measure(&picture)));
}
