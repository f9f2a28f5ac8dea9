#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <wels/codec_api.h>

/* Decodes frames of H.264 from stdin with openh264 and writes their planes to stdout. Each frame is preceded by
   its length as four bytes, the last first. Fails where the decoder complains, or gives another number of
   pictures. It may hold a picture back until it has seen more, or until it is flushed. */

static int pictures;

static void write_picture(unsigned char *const planes[3], const SBufferInfo *info) {
  if (info->iBufferStatus != 1) return;
  pictures++;
  const SSysMEMBuffer *size = &info->UsrData.sSystemBuffer;
  for (int plane = 0; plane < 3; plane++) {
    int shift = plane > 0;
    for (int y = 0; y < size->iHeight >> shift; y++)
      fwrite(planes[plane] + y * size->iStride[shift], 1, size->iWidth >> shift, stdout);
  }
}

int main(void) {
  ISVCDecoder *decoder;
  SDecodingParam settings = {0};
  settings.sVideoProperty.size = sizeof settings.sVideoProperty;
  settings.uiTargetDqLayer = UCHAR_MAX;
  settings.eEcActiveIdc = ERROR_CON_DISABLE;
  if (WelsCreateDecoder(&decoder) || (*decoder)->Initialize(decoder, &settings)) return 2;
  unsigned length;
  int frames = 0;
  for (; fread(&length, sizeof length, 1, stdin) == 1; frames++) {
    unsigned char *bytes = malloc(length), *planes[3] = {0};
    SBufferInfo info = {0};
    if (fread(bytes, 1, length, stdin) != length) return 3;
    DECODING_STATE state = (*decoder)->DecodeFrameNoDelay(decoder, bytes, length, planes, &info);
    if (state != dsErrorFree) {
      fprintf(stderr, "frame %d: state %x\n", frames, state);
      return 1;
    }
    write_picture(planes, &info);
    free(bytes);
  }
  int held = 0;
  (*decoder)->GetOption(decoder, DECODER_OPTION_NUM_OF_FRAMES_REMAINING_IN_BUFFER, &held);
  while (held-- > 0) {
    unsigned char *planes[3] = {0};
    SBufferInfo info = {0};
    (*decoder)->FlushFrame(decoder, planes, &info);
    write_picture(planes, &info);
  }
  if (pictures != frames) fprintf(stderr, "%d pictures of %d frames\n", pictures, frames);
  return pictures != frames;
}
