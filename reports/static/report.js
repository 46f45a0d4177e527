(() => {
  // Without this script every list is shown whole; with it, lists can be narrowed and arranged.
  const fold = text => text.normalize('NFKC').toLowerCase()
    .replace(/[\u200c\u200b\u00ac]/g, ' ').replace(/ي|ى/g, 'ی').replace(/ك/g, 'ک').replace(/\s+/g, ' ').trim();
  const language = document.documentElement.lang;
  const number = n => new Intl.NumberFormat(language === 'fa' ? 'fa-IR' : language).format(n);
  for (const list of document.querySelectorAll('[data-list]')) {
    const tools = list.querySelector('[data-tools]');
    const output = tools.querySelector('output');
    const views = [...list.querySelectorAll('[data-view]')];
    const bodies = [...list.querySelectorAll('tbody')].filter(body => !body.closest('.unfold'));
    const listed = bodies.map(body => [...body.rows]);
    tools.hidden = false;
    list.classList.add('with-tools');
    const update = () => {
      const chosen = new FormData(tools);
      const words = fold(chosen.get('search') || ''), kind = chosen.get('kind') || '';
      const only = chosen.get('only') || '', sort = chosen.get('sort') || '', view = chosen.get('view');
      for (const part of views) part.hidden = part.dataset.view !== view;
      let shown = 0;
      bodies.forEach((body, index) => {
        const rows = [...listed[index]];
        if (sort === 'name') rows.sort((a, b) => a.dataset.name.localeCompare(b.dataset.name, language));
        else if (sort) rows.sort((a, b) => b.dataset[sort] - a.dataset[sort]);
        for (const row of rows) {
          row.hidden = Boolean(words && !fold(row.dataset.names).includes(words)
            || kind && row.dataset.kind !== kind || only && !(only in row.dataset));
          if (!row.hidden && !row.matches('.unfold') && !body.closest('[data-view]')?.hidden) shown += 1;
        }
        if (views.length) body.append(...rows);
        else body.closest('table').hidden = rows.every(row => row.hidden);
      });
      for (const stage of list.querySelectorAll('.stage'))
        stage.hidden = [...stage.querySelectorAll('table')].every(table => table.hidden);
      output.textContent = shown ? output.dataset.shown.replace('{n}', number(shown)) : output.dataset.nothing;
    };
    tools.addEventListener('input', update);
    tools.addEventListener('submit', event => event.preventDefault());
    update();
  }
})();
