// Leads this page's media through a proxy: each candidate of the other side whose port has a proxy is
// replaced by the proxy's address. The protocol and the client know nothing of it.
{
  const ports = globalThis.parleyDetourPorts; // {"relay port": proxy port}, set by the test
  const rewriteLine = (line) => {
    const words = line.split(' ');
    // candidate:foundation component transport priority address port typ … (RFC 8839 §5.1)
    const proxy = ports[words[5]];
    if (proxy === undefined) return null;
    words[4] = '127.0.0.1';
    words[5] = String(proxy);
    return words.join(' ');
  };
  const rewriteSdp = (sdp) => {
    let kept = new Set();
    return sdp.split('\r\n').filter((line) => line !== '').flatMap((line) => {
      if (line.startsWith('m=')) kept = new Set();
      if (!line.startsWith('a=candidate:')) return [line];
      const rewritten = rewriteLine(line.slice(2));
      if (rewritten === null) return [];
      // Several addresses of one port become one.
      const port = rewritten.split(' ')[5];
      if (kept.has(port)) return [];
      kept.add(port);
      return ['a=' + rewritten];
    }).join('\r\n') + '\r\n';
  };
  const prototype = RTCPeerConnection.prototype;
  const setRemote = prototype.setRemoteDescription;
  prototype.setRemoteDescription = function (description) {
    return setRemote.call(this, {type: description.type, sdp: rewriteSdp(description.sdp)});
  };
  const addCandidate = prototype.addIceCandidate;
  prototype.addIceCandidate = function (candidate) {
    if (!candidate || !candidate.candidate) return addCandidate.call(this, candidate);
    const rewritten = rewriteLine(candidate.candidate.replace(/^a=/, ''));
    if (rewritten === null) return Promise.resolve();
    return addCandidate.call(this, {
      candidate: rewritten, sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex});
  };
}
