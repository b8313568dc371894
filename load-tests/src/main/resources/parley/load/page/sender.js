// A device that only speaks: a socket and a peer connection, nothing to see and nothing to hear. So
// little work that two cores bear many of them, each in a browser of its own. It looks to the tests
// like the client library: parley.state, parley.call(), parley.currentCall, parley.leave().
{
  const parley = {
    state: 'offline',
    currentCall: null,

    signIn(team, token) {
      const base64url = btoa(token).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      const address = `ws://${location.host}/messaging/${team}`;
      const socket = new WebSocket(address, ['parley', `token.${base64url}`]);
      socket.onopen = () => (parley.state = 'online');
      socket.onclose = () => (parley.state = 'closed');
      socket.onmessage = ({data}) => onEvent(JSON.parse(data));
      parley.socket = socket;
    },

    async call(jid) {
      const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
      const pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
      const call = {jid, pc, state: 'connecting'};
      pc.onconnectionstatechange = () => {
        if (pc.connectionState === 'connected') call.state = 'active';
        if (pc.connectionState === 'failed') call.state = 'failed';
      };
      pc.addTransceiver(microphone.getAudioTracks()[0], {
        direction: 'sendonly', streams: [microphone]});
      const gathered = new Promise((done) => {
        pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
      });
      await pc.setLocalDescription();
      await gathered;
      parley.currentCall = call;
      send('client.call.offer', {jid, muted: false, sdp: pc.localDescription.sdp});
    },

    leave() {
      send('client.call.leave', {jid: parley.currentCall.jid});
      parley.currentCall.pc.close();
      parley.currentCall = null;
    },
  };

  const send = (event, params) => parley.socket.send(JSON.stringify({event, params}));

  const onEvent = async ({event, params, confirm_id: id}) => {
    if (id) send('client.confirm', {confirm_id: id});
    const call = parley.currentCall;
    if (event !== 'server.call.answer' || !call) return;
    const {jsep, candidates} = params;
    await call.pc.setRemoteDescription({type: 'answer', sdp: jsep.sdp});
    if (jsep.sdp.includes('\na=candidate:')) return;
    for (const {candidate, sdpMLineIndex = 0} of candidates ?? []) {
      await call.pc.addIceCandidate({candidate, sdpMLineIndex});
    }
  };

  globalThis.parley = parley;
}
