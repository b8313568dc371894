import { ParleyError } from './errors.js';

/**
 * Opens a microphone with the browser's voice processing on.
 *
 * @param {string} [deviceId] which one; default: the system's
 * @returns {Promise<MediaStream>}
 * @throws {ParleyError} with a sentence for the user and a remedy
 */
export async function openMicrophone(deviceId) {
  if (!globalThis.isSecureContext) {
    throw new ParleyError(
      'insecure-origin',
      'The browser gives no microphone to a page that was loaded without encryption.',
      'Open this page with https://, or as http://localhost on the same computer.',
    );
  }
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new ParleyError(
      'unsupported-browser',
      'This browser cannot use a microphone.',
      'Use a current Firefox, Chrome, Edge or Safari.',
    );
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: constraints(deviceId),
      video: false,
    });
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    if (deviceId && (name === 'OverconstrainedError' || name === 'NotFoundError')) {
      return openMicrophone(); // The chosen one was unplugged: the system's default will do.
    }
    throw explain(name, cause);
  }
}

/** @param {string} [deviceId] */
function constraints(deviceId) {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    channelCount: 1,
    ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
  };
}

/**
 * @param {string} name
 * @param {unknown} cause
 */
function explain(name, cause) {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new ParleyError(
        'microphone-denied',
        'The microphone is blocked for this page.',
        'Allow it in the address bar (the icon left of the address), then call again.',
        cause,
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new ParleyError(
        'microphone-missing',
        'No microphone was found.',
        'Plug one in or switch it on in the system settings, then call again.',
        cause,
      );
    case 'NotReadableError':
    case 'AbortError':
      return new ParleyError(
        'microphone-busy',
        'The microphone cannot be opened.',
        'Close other programs that use it, then call again.',
        cause,
      );
    default:
      return new ParleyError(
        'microphone-failed',
        'The microphone could not be opened.',
        'Check the microphone in the system settings, then call again.',
        cause,
      );
  }
}

/** A silent stream, for somebody who only listens. @returns {MediaStream} */
export function silentMicrophone() {
  const context = new AudioContext();
  const stream = context.createMediaStreamDestination().stream;
  const [track] = stream.getAudioTracks();
  const stop = track.stop.bind(track);
  track.stop = () => {
    stop();
    void context.close().catch(() => {});
  };
  return stream;
}
