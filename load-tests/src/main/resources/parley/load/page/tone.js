// The microphone of a client under test: a sine of its own instead of a person. Opus carries it, and
// whoever hears it knows whose it is. Prepared before any script of the page runs.
{
  const tone = {
    frequency: 0, // Hz, set by the test
    gain: 0.25, // -12 dBFS: loud speech, far from clipping when four of them meet
    sources: [],

    /** Switches the sound on for `lengthMs` at every whole multiple of `periodMs` of the wall clock. */
    async beep(periodMs, lengthMs, forMs) {
      for (const {context, level} of tone.sources) {
        // The clock of the audio device against the wall clock; the smallest of many readings is
        // the one that was not delayed.
        let offset = Infinity;
        for (let i = 0; i < 40; i++) {
          offset = Math.min(offset, Date.now() - context.currentTime * 1000);
          await new Promise((done) => setTimeout(done, 7));
        }
        const at = (wallMs) => Math.max(0, (wallMs - offset) / 1000);
        const now = Date.now();
        const first = Math.ceil((now + 200) / periodMs) * periodMs;
        level.gain.cancelScheduledValues(0);
        level.gain.setValueAtTime(0, at(now));
        for (let t = first; t < now + forMs; t += periodMs) {
          level.gain.setValueAtTime(tone.gain, at(t));
          level.gain.setValueAtTime(0, at(t + lengthMs));
        }
      }
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
