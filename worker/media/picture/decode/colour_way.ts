import type { Metadata } from 'sharp';

/** How to make libvips produce the colours that browsers show; the settings are sharp's. */
export type ColourWay = {
  /** Applied before the profile. */
  pipelineColourspace?: 'cmyk' | 'b-w';
  toColourspace: 'srgb' | 'rgb16' | 'cmyk';
  /** The profile is applied last instead of first. */
  profileLast: boolean;
};

export function colourWay({ space, depth, icc }: Metadata): ColourWay {
  const profile = icc?.toString('latin1', 16, 20).trim();
  // When inks have no profile, libvips assumes that of a printing press.
  if (space === 'cmyk' && profile !== 'CMYK')
    return { pipelineColourspace: 'cmyk', toColourspace: 'cmyk', profileLast: false };
  const deep = depth === 'ushort';
  const grey = space === 'b-w' || space === 'grey16';
  // It ignores profiles on 16-bit grey.
  if (grey && deep && profile === 'GRAY')
    return { pipelineColourspace: 'b-w', toColourspace: 'srgb', profileLast: false };
  // Applied first, an RGB profile on grey would be ignored, and 16 bits would pass through Display P3, which
  // clips the rest.
  const profileLast = profile === 'RGB' && (grey || deep);
  return { toColourspace: deep ? 'rgb16' : 'srgb', profileLast };
}
