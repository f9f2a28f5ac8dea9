/** Work is counted in seconds of sound that could be encoded meanwhile, because that is what most jobs are. */
export type SoundWork = { seconds: number; work: number };

/** How much work the picture is for sound of this many seconds. */
export type PictureWork = (seconds: number) => number;

/** The share of writing in the work on long audio. */
const writingShare = 0.03;

/** Tells how much of a video is made, 0 to 1: its sound, then its picture, then the file. It never goes back. */
export class VideoProgress {
  #tell: (fraction: number) => void;
  #highest = 0;
  #soundShare = 0;
  #pictureWork: PictureWork | undefined;

  constructor(tell: (fraction: number) => void) {
    this.#tell = tell;
  }

  /** Nothing is told before, because nobody knows how much there is to do. */
  expectPicture(work: PictureWork): void {
    this.#pictureWork = work;
  }

  sound(done: number, { seconds, work }: SoundWork): void {
    if (!this.#pictureWork) return;
    this.#soundShare = work / (work + this.#pictureWork(seconds));
    this.#report((1 - writingShare) * this.#soundShare * done);
  }

  picture(done: number): void {
    const share = this.#soundShare + (1 - this.#soundShare) * done;
    this.#report((1 - writingShare) * share);
  }

  writing(done: number): void {
    this.#report(1 - writingShare * (1 - done));
  }

  #report(fraction: number): void {
    const capped = Math.min(1, fraction);
    if (!(capped > this.#highest)) return;
    this.#highest = capped;
    this.#tell(capped);
  }
}
