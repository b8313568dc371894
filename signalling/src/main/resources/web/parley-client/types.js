// The protocol's structures and the library's public shapes, as types only: nothing here runs.

/**
 * @typedef {object} IconData
 * @property {{url: string, width: number, height: number}} [sm]
 * @property {{url: string, width: number, height: number}} [lg]
 * @property {string} [letters]
 * @property {string} [color]
 *
 * @typedef {{muted: boolean, useragent?: string}} CallDevice
 *
 * @typedef {object} CallOnliner a participant as the server describes him
 * @property {string} jid
 * @property {string} [display_name]
 * @property {string} [role]
 * @property {string} [icon] address of an image
 * @property {boolean} [muted] whether all of his devices are muted
 * @property {CallDevice[]} [devices]
 *
 * @typedef {object} CallInfo what `server.call.state` says about a call
 * @property {string} jid the chat; in a direct chat the other contact
 * @property {string} uid
 * @property {boolean} [buzz] whether somebody is being rung
 * @property {string} [created]
 * @property {string} [start] absent while a direct call rings
 * @property {string} [finish]
 * @property {boolean} [audiorecord] whether the call is being recorded
 * @property {CallOnliner[]} [onliners]
 * @property {number} [gentime]
 * @property {number} [online_count] set instead of `onliners` when only `server.online` told of it
 *
 * @typedef {object} Ring an incoming call that waits for an answer
 * @property {string} jid the chat; in a direct chat the caller
 * @property {string} uid
 * @property {string} displayName
 * @property {IconData} [icons]
 * @property {{jid: string, display_name: string, short_name?: string, icons?: IconData}} [actor] who rings
 * @property {{jid: string, chat_type: string, display_name: string, icons?: IconData}} [chat]
 * @property {number} endsAt when it stops ringing, in `Date.now()` time
 *
 * @typedef {object} Participant
 * @property {string} jid
 * @property {string} displayName
 * @property {string} role
 * @property {string} icon
 * @property {boolean} muted
 * @property {CallDevice[]} devices
 * @property {boolean} talking
 * @property {number} level linear sound level, 0 to 1
 * @property {boolean} self
 *
 * @typedef {'connecting'|'ringing'|'active'|'reconnecting'|'ended'} CallState
 *   connecting: microphone, offer, answer and media path under way; ringing: the other side of a
 *   direct call is being rung; active: everybody there can be heard; reconnecting: the socket or the media path is lost and is being
 *   restored; ended: over, see `reason`.
 *
 * @typedef {'left'|'finished'|'rejected'|'noanswer'|'elsewhere'|'removed'|'lost'|'failed'} EndReason
 *
 * @typedef {object} CallWay how to go into a call
 * @property {boolean} [muted]
 * @property {() => Promise<MediaStream>} [microphone] for this call, instead of the option
 *
 * @typedef {object} IceServer
 * @property {string|string[]} urls
 * @property {string} [username]
 * @property {string} [credential]
 *
 * @typedef {object} Features
 * @property {boolean} [calls]
 * @property {boolean} [calls_record]
 * @property {boolean} [allow_admin_mute]
 * @property {boolean} [only_one_device_per_call]
 * @property {number} [resend_timeout] seconds
 * @property {number} [afk_age] seconds
 * @property {IceServer[]} [ice_servers]
 *
 * @typedef {object} ChatRecording how calls in a chat are recorded
 * @property {string} policy
 * @property {string} version
 * @property {'off'|'optional'|'required_before'|'required_during'} mode
 * @property {boolean} notice whether all in the call hear that it is recorded
 * @property {'not_asked'|'or_not_admitted'|'or_not_captured'} consent what becomes of who does not agree
 * @property {boolean} [agreed] this contact's answer, for this call or the next one
 * @property {boolean} may_switch
 * @property {boolean} may_mask
 * @property {string} [call] uid of the running one
 * @property {boolean} recording
 * @property {boolean} masked_all
 * @property {string[]} masked
 *
 * @typedef {object} ParleyOptions
 * @property {string} [url] address of the server, `https://chat.example.org`; default: this page's
 * @property {string} team uid of the team
 * @property {string} [token] default: the session cookie
 * @property {number} [sections] audio sections to offer, the sending one included: how many voices
 *   can be heard apart; default 5
 * @property {boolean} [trickle] whether candidates are sent as they are found; default true
 * @property {() => Promise<MediaStream>} [microphone] default: `getUserMedia`. The library owns the
 *   stream that it returns and stops it when the call ends
 * @property {string} [microphoneId] device to open by default
 * @property {string} [outputId] device to play on, where the browser can choose
 * @property {boolean} [play] whether to play the others' voices; default true
 * @property {IceServer[]} [iceServers] instead of those that the server names
 */

export {};
