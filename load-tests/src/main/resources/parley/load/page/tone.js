// The microphone of a client under test: a sine of its own instead of a person. Opus carries it, and
// whoever hears it knows whose it is. Prepared before any script of the page runs.
{
  const tone = {
    frequency: 0, // Hz, set by the test
    gain: 0.25, // -12 dBFS: loud speech, far from clipping when four of them meet
    sources: [],

    /**
     * Switches the sound on for `lengthMs` at every whole multiple of `periodMs` of the wall clock;
     * done when the first beeps are set. Some seconds at a time: an engine looks through all that is
     * set for every block that it renders, and the audio clock, which stands still when the browser
     * gets no processor, is compared with the wall clock anew.
     */
    async beep(periodMs, lengthMs, forMs) {
      const end = Date.now() + forMs;
      const stretchMs = 5000;
      let next = Math.ceil((Date.now() + 500) / periodMs) * periodMs;
      const go = async (isFirst) => {
        const until = Math.min(end, Date.now() + 2 * stretchMs);
        for (const source of tone.sources) {
          const offset = await offsetOf(source.context);
          const at = (wallMs) => Math.max(0, (wallMs - offset) / 1000);
          if (isFirst) {
            source.level.gain.cancelScheduledValues(0);
            source.level.gain.setValueAtTime(0, at(Date.now()));
          }
          for (let t = next; t < until; t += periodMs) {
            source.level.gain.setValueAtTime(tone.gain, at(t));
            source.level.gain.setValueAtTime(0, at(t + lengthMs));
          }
        }
        while (next < until) next += periodMs;
        if (next < end) setTimeout(() => go(false), stretchMs);
      };
      await go(true);
    },

    /** Sounds without pause again (on), or not at all. */
    steady(on) {
      for (const {level} of tone.sources) {
        level.gain.cancelScheduledValues(0);
        level.gain.value = on ? tone.gain : 0;
      }
    },
  };
  globalThis.parleyTone = tone;

  // The audio clock against the wall clock, ms: the smallest of many readings is the one that was
  // not delayed.
  async function offsetOf(context) {
    let offset = Infinity;
    for (let i = 0; i < 40; i++) {
      offset = Math.min(offset, Date.now() - context.currentTime * 1000);
      await new Promise((done) => setTimeout(done, 7));
    }
    return offset;
  }

  if (navigator.mediaDevices) {
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (!constraints || !constraints.audio) throw new DOMException('no camera', 'NotFoundError');
      const context = new AudioContext({sampleRate: 48000});
      const oscillator = new OscillatorNode(context, {frequency: tone.frequency});
      const level = new GainNode(context, {gain: tone.gain});
      const destination = new MediaStreamAudioDestinationNode(context, {channelCount: 1});
      oscillator.connect(level).connect(destination);
      oscillator.start();
      await context.resume();
      tone.sources.push({context, oscillator, level, destination});
      return destination.stream;
    };
  }
}
