/** The format of all our encodes: BT.709, limited range, 4:2:0. */

/** Filters that convert RGB to it. */
export const rgbToYuv = [
  'scale=in_range=pc:out_range=tv:out_color_matrix=bt709:flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp',
  'format=yuv420p',
];

/** Options that say so in the stream. */
export const tagged = [
  ...['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
  ...['-color_range', 'tv'],
];
