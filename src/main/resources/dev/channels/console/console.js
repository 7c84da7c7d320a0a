// The console of the channels. What comes from the application is only ever shown as text.

const base = new URL('console/', location.href);
const $ = id => document.getElementById(id);
const whole = new Intl.NumberFormat('en');
const SORTS = {
  channels: [['name', 'name'], ['rate', 'events a second'], ['subscribers', 'subscribers']],
  clients: [['caller', 'caller'], ['backlog', 'backlog'], ['age', 'age']],
};
const HEADS = {
  channels: ['Channel', 'Subscribers', 'Events/s', 'Position', 'History', 'Behind'],
  clients: ['Caller', 'Channels', 'Door', 'Backlog', 'Age', ''],
};
const MAX_TAIL = 200;
const POLL_MILLIS = 3000;
const STREAM_AGAIN_MILLIS = 30000;

const wanted = { view: 'channels', search: '', sort: 'name', page: 0, tail: '' };
let source = null;
let polling = 0;
let again = 0;
let before = null;
let armed = '';
let disarming = 0;
let forgetting = 0;

// ---- Small things

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function rate(value) {
  return value === null || value === undefined ? '–' : value < 10 ? value.toFixed(1) : whole.format(Math.round(value));
}

function size(bytes) {
  if (bytes < 1024) return bytes + ' B';
  if (bytes < 1024 * 1024) return (bytes / 1024).toFixed(1) + ' KiB';
  return (bytes / 1024 / 1024).toFixed(1) + ' MiB';
}

function age(seconds) {
  if (seconds < 60) return seconds + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min';
  if (seconds < 86400) return Math.floor(seconds / 3600) + ' h';
  return Math.floor(seconds / 86400) + ' d';
}

function count(number, one, many) {
  return whole.format(number) + ' ' + (number === 1 ? one : many);
}

function line(state, text) {
  $('line').dataset.state = state;
  if ($('line').textContent !== text) $('line').textContent = text;
}

function notice(text) {
  $('notice').textContent = text;
  $('notice').hidden = !text;
}

// ---- What is wanted stands in the address, so that a reload shows the same

function read() {
  const query = new URLSearchParams(location.hash.slice(1));
  wanted.view = query.get('view') === 'clients' ? 'clients' : 'channels';
  wanted.search = query.get('search') ?? '';
  const sorts = SORTS[wanted.view].map(([value]) => value);
  wanted.sort = sorts.includes(query.get('sort')) ? query.get('sort') : sorts[0];
  wanted.page = Math.max(0, Number.parseInt(query.get('page') ?? '0', 10) || 0);
  wanted.tail = query.get('tail') ?? '';
}

function want(change) {
  const tail = wanted.tail;
  Object.assign(wanted, change);
  history.replaceState(null, '', '#' + new URLSearchParams(wanted));
  if (wanted.tail !== tail) showPanel();
  showControls();
  connect();
}

// ---- The stream

function address(path) {
  return new URL(path + '?' + new URLSearchParams(wanted), base);
}

function connect() {
  source?.close();
  clearInterval(polling);
  clearTimeout(again);
  polling = 0;
  source = new EventSource(address('stream'));
  source.addEventListener('open', () => line('live', 'live'));
  source.addEventListener('state', event => show(JSON.parse(event.data)));
  source.addEventListener('tail', event => showEvent(JSON.parse(event.data)));
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) poll();
    else line('connecting', 'reconnecting');
  });
}

/** Without a stream, the state is asked for now and then, and the stream again later. */
function poll() {
  const ask = async () => {
    try {
      const answer = await fetch(address('state'), { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(await answer.text());
      show(await answer.json());
      line('connecting', 'every ' + POLL_MILLIS / 1000 + ' s');
    } catch (e) {
      line('gone', 'not connected');
    }
  };
  ask();
  polling = setInterval(ask, POLL_MILLIS);
  again = setTimeout(connect, STREAM_AGAIN_MILLIS);
}

// ---- The node

function perSecond(now, name) {
  const seconds = before ? (now.at - before.at) / 1000 : 0;
  return seconds > 0.2 && seconds < 30 ? Math.max(0, now.node[name] - before.node[name]) / seconds : null;
}

function showNode(state) {
  const node = state.node;
  const now = { at: performance.now(), node };
  const published = perSecond(now, 'published');
  const received = perSecond(now, 'received');
  if (published !== null || !before) {
    showNode.published = published;
    showNode.received = received;
    before = now;
  }
  const answered = node.answeredInMicros === null ? '–' : (node.answeredInMicros / 1000).toFixed(1) + ' ms';
  const numbers = [
    ['Broker ' + node.backend, node.brokerUp ? 'up' : 'away', node.brokerUp ? 'good' : 'bad'],
    ['Broker answered in', answered],
    ['Application', node.phase, node.phase === 'open' ? 'good' : 'warn'],
    ['Clients', whole.format(node.connections)],
    ['Subscribers', whole.format(node.subscribers)],
    ['Published/s', rate(showNode.published)],
    ['Received/s', rate(showNode.received)],
    ['Waiting publishes', whole.format(node.waitingPublishes), node.waitingPublishes > 1000 ? 'warn' : ''],
    ['Backlog, ' + size(node.waitingBytes), whole.format(node.waitingEvents)],
    ['Failed publishes', whole.format(node.publishFailures), node.publishFailures ? 'bad' : ''],
    ['Dropped', whole.format(node.dropped), node.dropped ? 'warn' : ''],
    ['Gaps', whole.format(node.gaps), node.gaps ? 'warn' : ''],
    ['Refused', whole.format(node.refused)],
  ];
  const list = $('numbers');
  while (list.children.length < numbers.length) {
    const item = element('li');
    item.append(element('b'), element('span'));
    list.append(item);
  }
  numbers.forEach(([label, value, condition], i) => {
    const item = list.children[i];
    item.dataset.state = condition ?? '';
    if (item.firstChild.textContent !== value) item.firstChild.textContent = value;
    if (item.lastChild.textContent !== label) item.lastChild.textContent = label;
  });
}

// ---- The list

function show(state) {
  showNode(state);
  if (state.view !== wanted.view) return;
  const rows = $('rows');
  const known = new Map([...rows.children].map(row => [row.dataset.key, row]));
  state.rows.forEach((entry, i) => {
    const key = wanted.view === 'clients' ? 'client ' + entry.id : 'channel ' + entry.name;
    const row = known.get(key) ?? (wanted.view === 'clients' ? clientRow(entry) : channelRow(entry));
    known.delete(key);
    row.dataset.key = key;
    (wanted.view === 'clients' ? fillClient : fillChannel)(row, entry);
    if (rows.children[i] !== row) rows.insertBefore(row, rows.children[i] ?? null);
  });
  known.forEach(row => row.remove());
  $('nothing').hidden = state.found > 0;
  $('place').textContent =
    (state.found === state.all ? count(state.all, singular(), wanted.view)
      : whole.format(state.found) + ' of ' + count(state.all, singular(), wanted.view))
    + (state.pages > 1 ? ', page ' + whole.format(state.page + 1) + ' of ' + whole.format(state.pages) : '');
  wanted.page = state.page;
  $('previous').disabled = state.page === 0;
  $('next').disabled = state.page + 1 >= state.pages;
}

function singular() {
  return wanted.view === 'clients' ? 'client' : 'channel';
}

function cell(row, label, className) {
  const made = element('td', undefined, className);
  if (label) made.dataset.label = label;
  row.append(made);
  return made;
}

function set(cellOfRow, text) {
  if (cellOfRow.textContent !== text) cellOfRow.textContent = text;
}

function channelButton(name) {
  const open = element('button', name, 'link');
  open.type = 'button';
  open.addEventListener('click', () => want({ tail: name }));
  return open;
}

function channelRow(entry) {
  const row = element('tr');
  cell(row).append(channelButton(entry.name));
  HEADS.channels.slice(1).forEach(label => cell(row, label, 'number'));
  return row;
}

function fillChannel(row, entry) {
  row.setAttribute('aria-current', String(entry.name === wanted.tail));
  const [, subscribers, events, position, kept, behind] = row.children;
  set(subscribers, whole.format(entry.subscribers));
  set(events, rate(entry.rate));
  set(position, entry.offset === null ? '–' : whole.format(entry.offset));
  position.title = entry.epoch === null ? '' : 'epoch ' + entry.epoch;
  set(kept, entry.kept === null ? '–' : whole.format(entry.kept));
  set(behind, whole.format(entry.behind));
}

function clientRow(entry) {
  const row = element('tr');
  const who = cell(row);
  who.append(element('span', entry.caller || 'anonymous', entry.caller ? '' : 'faint'));
  who.title = 'connection ' + entry.id;
  cell(row, 'Channels', 'wide').append(element('div', undefined, 'chips'));
  cell(row, 'Door');
  cell(row, 'Backlog', 'number');
  cell(row, 'Age', 'number');
  const away = element('button', 'Disconnect', 'act-small');
  away.type = 'button';
  away.addEventListener('click', () => disconnect(entry.id));
  cell(row).append(away);
  return row;
}

function fillClient(row, entry) {
  const [, channels, door, backlog, old, act] = row.children;
  const chips = channels.firstChild;
  const written = entry.channels.join('\n') + '\n' + entry.followed;
  if (chips.dataset.written !== written) {
    chips.dataset.written = written;
    chips.replaceChildren(...entry.channels.map(channelButton));
    const more = entry.followed - entry.channels.length;
    if (more > 0) chips.append(element('span', 'and ' + whole.format(more) + ' more', 'faint'));
    if (entry.followed === 0) chips.append(element('span', 'none', 'faint'));
  }
  set(door, entry.door);
  set(backlog, whole.format(entry.backlog));
  set(old, age(entry.ageSeconds));
  showArmed(act.firstChild, entry.id);
}

function showArmed(button, id) {
  set(button, armed === id ? 'Sure?' : 'Disconnect');
  button.classList.toggle('armed', armed === id);
}

// ---- Acting

async function post(path, query, body) {
  const answer = await fetch(new URL(path + '?' + new URLSearchParams(query), base), {
    method: 'POST',
    headers: { 'X-Channels-Console': '1', 'Content-Type': 'text/plain;charset=utf-8' },
    body,
  });
  if (!answer.ok) throw new Error((await answer.text()).trim() || 'The answer was ' + answer.status);
}

/** At the second click, so that none is sent away by a slip. */
async function disconnect(id) {
  clearTimeout(disarming);
  const sure = armed === id;
  armed = sure ? '' : id;
  for (const row of $('rows').children) {
    if (row.dataset.key.startsWith('client ')) showArmed(row.lastChild.firstChild, row.dataset.key.slice(7));
  }
  if (!sure) {
    disarming = setTimeout(() => { armed = ''; }, 4000);
    return;
  }
  try {
    await post('disconnect', { id });
    notice('');
  } catch (e) {
    notice(e.message);
  }
}

$('publish').addEventListener('submit', async event => {
  event.preventDefault();
  const outcome = $('outcome');
  const button = $('publish').querySelector('button');
  outcome.textContent = '';
  button.disabled = true;
  try {
    await post('publish', { channel: wanted.tail }, $('payload').value);
    outcome.dataset.state = 'good';
    outcome.textContent = 'The broker has accepted it.';
  } catch (e) {
    outcome.dataset.state = 'bad';
    outcome.textContent = 'Not published: ' + e.message;
  }
  button.disabled = false;
});

function disarmForget() {
  clearTimeout(forgetting);
  $('forget').classList.remove('armed');
  $('forget').textContent = 'Delete the history';
}

/** At the second click, so that no history is deleted by a slip. */
$('forget').addEventListener('click', async () => {
  const button = $('forget');
  const outcome = $('forgotten');
  const sure = button.classList.contains('armed');
  outcome.textContent = '';
  disarmForget();
  if (!sure) {
    button.classList.add('armed');
    button.textContent = 'Sure?';
    forgetting = setTimeout(disarmForget, 4000);
    return;
  }
  button.disabled = true;
  try {
    await post('forget', { channel: wanted.tail });
    outcome.dataset.state = 'good';
    outcome.textContent = 'It is deleted.';
  } catch (e) {
    outcome.dataset.state = 'bad';
    outcome.textContent = 'Not deleted: ' + e.message;
  }
  button.disabled = false;
});

// ---- The tail of a channel

function showPanel() {
  const open = wanted.tail !== '';
  $('panel').hidden = !open;
  document.querySelector('.columns').classList.toggle('open', open);
  $('tail').replaceChildren();
  $('outcome').textContent = '';
  $('forgotten').textContent = '';
  disarmForget();
  $('panel-name').textContent = wanted.tail;
  $('panel-note').textContent = '';
  for (const row of $('rows').children) {
    row.setAttribute('aria-current', String(open && row.dataset.key === 'channel ' + wanted.tail));
  }
  if (open) $('panel-name').focus({ preventScroll: true });
}

function showEvent(told) {
  if (told.begins !== undefined) {
    $('panel-note').textContent = told.payloads
      ? 'Events as they come, the newest first.'
      : 'Events as they come. Their payloads are hidden: the policy of this channel does not let you subscribe to it.';
    return;
  }
  const item = element('li', undefined, 'fresh');
  if (told.leftOut !== undefined) {
    item.append(element('span', count(told.leftOut, 'event', 'events') + ' more came, too many to show', 'aside'));
  } else if (told.gap) {
    item.append(element('span', 'Events are lost to this node here', 'aside'));
  } else if (told.ended !== undefined) {
    item.append(element('span', 'The channel cannot be followed ' + told.ended, 'aside'));
  } else {
    const meta = element('div', undefined, 'meta');
    meta.append(element('span', '#' + whole.format(told.offset)), element('span', new Date().toLocaleTimeString('en-GB')),
      element('span', size(told.bytes)));
    for (const [name, value] of Object.entries(told.headers ?? {})) {
      meta.append(element('span', name + ': ' + value));
    }
    item.append(meta);
    if (told.binary) item.append(element('span', 'not text', 'faint'));
    if (told.text !== undefined) item.append(element('pre', told.text + (told.cut ? ' …' : '')));
  }
  $('tail').prepend(item);
  while ($('tail').children.length > MAX_TAIL) $('tail').lastChild.remove();
}

// ---- Controls

function showControls() {
  $('show-channels').setAttribute('aria-pressed', String(wanted.view === 'channels'));
  $('show-clients').setAttribute('aria-pressed', String(wanted.view === 'clients'));
  const options = SORTS[wanted.view].map(([value, text]) => {
    const option = element('option', text);
    option.value = value;
    return option;
  });
  $('sort').replaceChildren(...options);
  $('sort').value = wanted.sort;
  if ($('search').value !== wanted.search) $('search').value = wanted.search;
  const numeric = wanted.view === 'channels' ? [1, 2, 3, 4, 5] : [3, 4];
  $('head').replaceChildren(...HEADS[wanted.view].map((text, i) => {
    const head = element('th', text, numeric.includes(i) ? 'number' : '');
    head.scope = 'col';
    return head;
  }));
}

function list(view) {
  if (wanted.view === view) return;
  $('rows').replaceChildren();
  want({ view, sort: SORTS[view][0][0], page: 0 });
}

let typing = 0;
$('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => want({ search: $('search').value, page: 0 }), 250);
});
$('sort').addEventListener('change', () => want({ sort: $('sort').value, page: 0 }));
$('show-channels').addEventListener('click', () => list('channels'));
$('show-clients').addEventListener('click', () => list('clients'));
$('previous').addEventListener('click', () => want({ page: Math.max(0, wanted.page - 1) }));
$('next').addEventListener('click', () => want({ page: wanted.page + 1 }));
$('close').addEventListener('click', () => want({ tail: '' }));
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && wanted.tail) want({ tail: '' });
});
addEventListener('hashchange', () => {
  read();
  showPanel();
  showControls();
  connect();
});

read();
$('application').textContent = location.host + base.pathname.replace(/\/channels\/console\/$/, '');
showPanel();
showControls();
connect();
