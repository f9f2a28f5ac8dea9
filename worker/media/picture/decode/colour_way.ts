import type { Metadata } from 'sharp';

/** How libvips is brought to the colours that browsers show; the settings are sharp's. */
export type ColourWay = {
  /** Before the profile is heeded. */
  pipelineColourspace?: 'cmyk' | 'b-w';
  toColourspace: 'srgb' | 'rgb16' | 'cmyk';
  /** The profile is heeded last, and not first. */
  profileLast: boolean;
};

export function colourWay({ space, depth, icc }: Metadata): ColourWay {
  const profile = icc?.toString('latin1', 16, 20).trim();
  // Without a profile of theirs, libvips assumes that of a press for inks.
  if (space === 'cmyk' && profile !== 'CMYK')
    return { pipelineColourspace: 'cmyk', toColourspace: 'cmyk', profileLast: false };
  const deep = depth === 'ushort';
  const grey = space === 'b-w' || space === 'grey16';
  // On 16 bits of grey it heeds no profile.
  if (grey && deep && profile === 'GRAY')
    return { pipelineColourspace: 'b-w', toColourspace: 'srgb', profileLast: false };
  // First, it would heed none for RGB on grey, and take 16 bits through Display P3, which cuts off the rest.
  const profileLast = profile === 'RGB' && (grey || deep);
  return { toColourspace: deep ? 'rgb16' : 'srgb', profileLast };
}
