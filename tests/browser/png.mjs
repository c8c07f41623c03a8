// Makes a picture of the page small: its 256 weightiest colours as a palette, the few others (edges of letters) as the
// nearest of them. Pictures of an interface keep every surface exactly and come to a third of their size.

import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = 8;
const COLOURS = 256;

function* chunks(png) {
  for (let at = SIGNATURE; at < png.length; ) {
    const size = png.readUInt32BE(at);
    yield [png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + size)];
    at += size + 12;
  }
}

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** Takes the filters of PNG back, in place; the rows without their filter bytes. */
function unfiltered(raw, stride, height, depth) {
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x >= depth ? pixels[at - depth] : 0;
      const up = y > 0 ? pixels[at - stride] : 0;
      const corner = x >= depth && y > 0 ? pixels[at - stride - depth] : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = up;
      else if (filter === 3) guess = (left + up) >> 1;
      else if (filter === 4) {
        const far = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
        guess = far[0] <= far[1] && far[0] <= far[2] ? left : far[1] <= far[2] ? up : corner;
      }
      pixels[at] = (raw[y * (stride + 1) + 1 + x] + guess) & 255;
    }
  }
  return pixels;
}

/** How much a colour matters: by its pixels, and far more by its hue, because a state is told by a mark of a few pixels. */
function weight([colour, pixels]) {
  const parts = [colour >> 16, (colour >> 8) & 255, colour & 255];
  const chroma = Math.max(...parts) - Math.min(...parts);
  return pixels * (1 + chroma ** 2 / 100);
}

/** A PNG of 8-bit RGB or RGBA with a palette; another kind of PNG is given back as it is. */
export function smaller(png) {
  const found = [...chunks(png)];
  const header = found.find(([type]) => type === "IHDR")[1];
  const [width, height, bits, kind, interlaced] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9], header[12]];
  const depth = { 2: 3, 6: 4 }[kind];
  if (bits !== 8 || depth === undefined || interlaced !== 0) return png;
  const pixels = unfiltered(inflateSync(Buffer.concat(found.filter(([type]) => type === "IDAT").map(([, content]) => content))), width * depth, height, depth);
  const colour = (at) => (pixels[at] << 16) | (pixels[at + 1] << 8) | pixels[at + 2];
  const counts = new Map();
  for (let at = 0; at < pixels.length; at += depth) counts.set(colour(at), (counts.get(colour(at)) ?? 0) + 1);
  const palette = [...counts].toSorted((a, b) => weight(b) - weight(a) || a[0] - b[0]).slice(0, COLOURS).map(([one]) => one);
  const places = new Map(palette.map((one, place) => [one, place]));
  const distance = (a, b) => ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  for (const one of counts.keys()) {
    if (places.has(one)) continue;
    let nearest = 0;
    for (let place = 1; place < palette.length; place += 1) if (distance(one, palette[place]) < distance(one, palette[nearest])) nearest = place;
    places.set(one, nearest);
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = places.get(colour((y * width + x) * depth));
  const head = Buffer.from(header);
  head[9] = 3;
  return Buffer.concat([png.subarray(0, SIGNATURE), chunk("IHDR", head), chunk("PLTE", Buffer.from(palette.flatMap((one) => [one >> 16, (one >> 8) & 255, one & 255]))), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}
