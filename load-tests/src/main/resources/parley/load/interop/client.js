// A browser's client, written from the protocol's description alone; it knows nothing of the server
// behind it. What to do stands behind the # of its address, as JSON: see start().
globalThis.client = (() => {
  const reports = [];
  const report = (event, text = '') => reports.push(text === '' ? event : event + ': ' + text);
  let task;
  let socket;
  let connection;
  let jid;
  let confirmIds = 0;

  const say = (event, params) => socket.send(
      JSON.stringify({event, confirm_id: 'c' + ++confirmIds, params}));

  const get = async (path) => {
    const answer = await fetch(task.url + path, {headers: {token: task.token}});
    return answer.json();
  };

  /**
   * url, team, token; jid: whom to call, empty: answer the first that rings; sections: voices to
   * receive side by side; codec: the only one to offer, empty: all there are.
   */
  async function start(todo) {
    task = todo;
    for (const path of ['/api/v4/ping', '/api/v4/teams/' + task.team]) {
      const answer = await get(path);
      if (!answer.ok) throw new Error(path + ': ' + answer.error);
    }
    const features = await get('/features.json');
    const address = task.url.replace(/^http/, 'ws') + '/messaging/' + task.team;
    socket = new WebSocket(address, [task.token]); // a page on another origin has no other way
    socket.onmessage = ({data}) => hear(JSON.parse(data), features).catch(fail);
    socket.onclose = ({code}) => report('socket closed', String(code));
    socket.onopen = () => {
      report('online');
      if (task.jid) call(task.jid, features).catch(fail);
    };
  }

  async function hear({event, confirm_id: confirmId, params}, features) {
    if (confirmId) {
      socket.send(JSON.stringify({event: 'client.confirm', params: {confirm_id: confirmId}}));
    }
    switch (event) {
      case 'server.call.buzz':
        if (!task.jid && !connection) await call(params.jid, features);
        break;
      case 'server.call.answer':
        await connection.setRemoteDescription(params.jsep);
        report('answered');
        break;
      case 'server.call.leave':
        if (params.jid === jid) report('left');
        break;
      case 'server.warning':
      case 'server.debug':
        report('said', JSON.stringify(params));
        break;
    }
  }

  async function call(whom, features) {
    jid = whom;
    connection = new RTCPeerConnection({iceServers: features.ice_servers});
    connection.ontrack = ({track}) => {
      const audio = document.body.appendChild(new Audio());
      audio.srcObject = new MediaStream([track]);
      audio.play().catch((e) => report('said', String(e)));
    };
    connection.onconnectionstatechange = () => report(connection.connectionState);
    const microphone = await navigator.mediaDevices.getUserMedia({audio: true});
    connection.addTrack(microphone.getAudioTracks()[0], microphone);
    if (task.codec) {
      const all = RTCRtpReceiver.getCapabilities('audio').codecs;
      connection.getTransceivers()[0].setCodecPreferences(
          all.filter(({mimeType}) => mimeType === 'audio/' + task.codec));
    }
    for (let i = 1; i < task.sections; i++) {
      connection.addTransceiver('audio', {direction: 'recvonly'});
    }
    let early = []; // candidates must not overtake the offer
    const trickle = (candidate) => say('client.call.trickle', {
      jid,
      candidate: candidate?.candidate ?? '',
      sdp_mid: candidate?.sdpMid ?? '',
      sdp_mline_index: candidate?.sdpMLineIndex ?? 0,
    });
    connection.onicecandidate = ({candidate}) => early ? early.push(candidate) : trickle(candidate);
    await connection.setLocalDescription();
    say('client.call.offer', {
      jid, muted: false, trickle: true, sdp: connection.localDescription.sdp});
    early.forEach(trickle);
    early = null;
  }

  function fail(error) {
    report('said', String(error?.stack ?? error));
  }

  function leave() {
    if (jid) say('client.call.leave', {jid});
    connection?.close();
    setTimeout(() => socket.close(), 50);
  }

  start(JSON.parse(decodeURIComponent(location.hash.slice(1)))).catch(fail);
  return {reports, leave, connection: () => connection};
})();
