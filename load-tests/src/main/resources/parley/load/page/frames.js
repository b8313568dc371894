// Keeps every WebSocket frame of the page, with the time and the direction.
{
  const frames = [];
  const note = (direction, data) => {
    if (typeof data === 'string') frames.push({at: Date.now(), direction, text: data});
  };
  const Socket = globalThis.WebSocket;
  const sockets = [];
  globalThis.WebSocket = class WebSocket extends Socket {
    constructor(...args) {
      super(...args);
      sockets.push(this);
      this.addEventListener('message', (event) => note('in', event.data));
      this.addEventListener('close', (event) => note('in', JSON.stringify(
          {event: 'socket closed', params: {code: event.code, reason: event.reason}})));
    }
    send(data) {
      const sent = globalThis.parleyFrames.rewrite(data);
      note('out', sent);
      super.send(sent);
    }
  };
  globalThis.parleyFrames = {
    all: frames,
    since: (index) => frames.slice(index),
    sockets,
    rewrite: (data) => data, // a test that plays a wrongdoer puts its own here
  };
}
