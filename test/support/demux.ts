import { readFile } from 'node:fs/promises';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputTrack } from 'mediabunny';
import { createFile, type ISOFile, MP4BoxBuffer } from 'mp4box';

export type Packet = { at: number; seconds: number; isKey: boolean; bytes: number };

/** What mediabunny, a demuxer that shares no line with ffmpeg, sees in a file; times in seconds. */
export async function demux(path: string) {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const [picture] = await input.getVideoTracks();
  const [sound] = await input.getAudioTracks();
  return {
    tags: await input.getMetadataTags(),
    kinds: (await input.getTracks()).map((track) => track.type),
    picture: {
      codec: await picture?.getCodecParameterString(),
      width: picture?.displayWidth,
      height: picture?.displayHeight,
      packets: await packetsOf(picture),
    },
    sound: { codec: await sound?.getCodecParameterString(), packets: await packetsOf(sound) },
  };
}

async function packetsOf(track: InputTrack | undefined): Promise<Packet[]> {
  const packets: Packet[] = [];
  if (!track?.isVideoTrack() && !track?.isAudioTrack()) return packets;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const { timestamp: at, duration: seconds, type, byteLength: bytes } = packet;
    packets.push({ at, seconds, isKey: type === 'key', bytes });
  }
  return packets;
}

/** The boxes of a file, as mp4box.js reads them. */
export async function boxesOf(path: string): Promise<ISOFile> {
  const bytes = new Uint8Array(await readFile(path));
  const file = createFile();
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(bytes.buffer, 0));
  file.flush();
  return file;
}
