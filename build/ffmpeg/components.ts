/**
 * Everything that the ffmpeg of our own can do: what worker/media asks of it, and nothing else. What a caller
 * uploads reaches only the demuxers and decoders that worker/media/sound/decoders.ts names; h264, png,
 * rawvideo and concat read what VidGen has made itself.
 */
export const components = {
  protocol: ['file', 'pipe'],
  // spdif only recognises data that a WAV wrongly calls PCM; nothing opens it.
  demuxer: [
    ...['aac', 'concat', 'image2', 'image_png_pipe', 'mov', 'mp3', 'ogg', 'rawvideo', 'spdif'],
    'wav',
  ],
  decoder: [
    ...['aac', 'ac3', 'alac', 'amrnb', 'amrwb', 'eac3', 'flac', 'g723_1', 'gsm', 'gsm_ms'],
    ...['mp1', 'mp1float', 'mp2', 'mp2float', 'mp3', 'mp3float'],
    ...['opus', 'speex', 'truespeech', 'vorbis'],
    ...['pcm_alaw', 'pcm_mulaw', 'pcm_s8', 'pcm_u8'],
    ...['pcm_s16be', 'pcm_s16le', 'pcm_s24be', 'pcm_s24le', 'pcm_s32be', 'pcm_s32le'],
    ...['pcm_f32be', 'pcm_f32le', 'pcm_f64be', 'pcm_f64le'],
    ...['adpcm_g722', 'adpcm_g726', 'adpcm_g726le'],
    ...['adpcm_ima_qt', 'adpcm_ima_wav', 'adpcm_ms', 'adpcm_yamaha'],
    ...['h264', 'movtext', 'png', 'rawvideo'],
  ],
  parser: [
    ...['aac', 'ac3', 'amr', 'flac', 'g723_1', 'gsm', 'mpegaudio', 'opus', 'vorbis'],
    ...['h264', 'png'],
  ],
  encoder: ['aac', 'libx264', 'pcm_s16le', 'rawvideo', 'wrapped_avframe'],
  muxer: ['h264', 'ipod', 'null', 'pcm_s16le', 'rawvideo'],
  bsf: ['aac_adtstoasc', 'setts'],
  filter: [
    ...['aeval', 'aformat', 'alimiter', 'anull', 'anullsink', 'aresample', 'aselect', 'ashowinfo'],
    ...['asplit', 'astats', 'atrim', 'channelsplit', 'ebur128', 'pan', 'volume', 'volumedetect'],
    ...['alphamerge', 'color', 'crop', 'format', 'loop', 'null', 'overlay', 'perspective'],
    ...['scale', 'trim'],
  ],
};

/** Hardened as the distribution hardens its own; the assembler code of both accepts it. */
const compilerFlags =
  '-ffunction-sections -fdata-sections -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2';
const isMac = process.platform === 'darwin';
/** Apple's systems have no static libc. */
const linkerFlags = isMac
  ? '-Wl,-dead_strip'
  : '-static-pie -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack';

/** Eight bits and 4:2:0, which is all that VidGen encodes. */
export const configureX264 = [
  ...[
    '--prefix=../x264',
    '--enable-static',
    '--enable-pic',
    '--bit-depth=8',
    '--chroma-format=420',
  ],
  ...['cli', 'opencl', 'avs', 'swscale', 'lavf', 'ffms', 'gpac', 'lsmash'].map(
    (name) => `--disable-${name}`,
  ),
  `--extra-cflags=${compilerFlags}`,
];

/** Its paths are relative, because ffmpeg tells its arguments and must not tell where it was built. */
export const configureFfmpeg = [
  ...['--disable-everything', '--disable-autodetect', '--disable-network', '--disable-doc'],
  ...['--disable-debug', '--disable-avdevice', '--disable-ffplay', '--disable-postproc'],
  ...['--enable-gpl', '--enable-libx264', '--enable-zlib', '--enable-pic'],
  '--pkg-config-flags=--static',
  ...Object.entries(components).map(([kind, names]) => `--enable-${kind}=${names.join()}`),
  `--extra-cflags=${compilerFlags}`,
  `--extra-ldflags=${linkerFlags}`,
  '--extra-version=vidgen',
];
