// Shows the values under the pointer: what a bar says, of a line plot every line's at the nearest x, of a scatter the nearest point's.
const tip = document.getElementById('tip');
const scale = (text) => {
  const [low, high, kind] = text.split(' ');
  return (part) => { const v = +low + part * (high - low); return kind === 'log' ? 10 ** v : v; };
};
const say = (v) => String(+v.toPrecision(4));
// Epochs are whole numbers, which places on the screen give back nearly.
const along = (v) => Math.abs(v - Math.round(v)) < 2e-4 * Math.abs(v) ? String(Math.round(v)) : say(v);
for (const plot of document.querySelectorAll('svg.plot')) {
  const d = plot.dataset, x = scale(d.x), y = scale(d.y), nearest = d.find === 'point';
  const up = (at) => y((d.y0 - at) / (d.y0 - d.y1));
  const lines = [...plot.querySelectorAll('polyline[data-name]')].map((p) => [p.dataset.name, p.getAttribute('points').split(' ').map((q) => q.split(',').map(Number)).map(([a, b]) => [a / 1000, b])]);
  const dots = [...plot.querySelectorAll('g[data-name]')].map((g) => [g.dataset.name, [...g.children].map((c) => [parseFloat(c.getAttribute('cx')) / 100, +c.getAttribute('cy')])]);
  const series = nearest ? [...lines, ...dots] : lines;
  const bars = plot.querySelector('[data-title]');
  const show = (text, event) => {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const left = event.clientX + 14;
    tip.style.left = `${left + tip.offsetWidth > innerWidth ? Math.max(0, event.clientX - 14 - tip.offsetWidth) : left}px`;
    tip.style.top = `${Math.max(0, event.clientY - 14 - tip.offsetHeight)}px`;
  };
  if (bars) plot.addEventListener('pointermove', (event) => show(event.target.dataset.title, event));
  else if (series.length) plot.addEventListener('pointermove', (event) => {
    const frame = plot.querySelector('.frame').getBoundingClientRect(), top = plot.getBoundingClientRect().top;
    const far = ([a, b]) => Math.hypot((frame.left + a * frame.width) - event.clientX, nearest ? top + b - event.clientY : 0);
    let found = series.filter((s) => s[1].length).map(([name, points]) => [name, points.reduce((p, q) => far(q) < far(p) ? q : p)]).sort((p, q) => far(p[1]) - far(q[1]));
    found = nearest ? found.slice(0, 1).filter((f) => far(f[1]) < 25) : found.filter((f) => far(f[1]) - far(found[0][1]) < 1);
    show(found.length && `${d.xname} ${along(x(found[0][1][0]))}\n` + found.map(([name, p]) => nearest ? `${d.yname} ${say(up(p[1]))}${name ? `\n${name}` : ''}` : `${name} ${say(up(p[1]))}`).join('\n'), event);
  });
  plot.addEventListener('pointerleave', () => { tip.hidden = true; });
}
