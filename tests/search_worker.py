"""The search of the built site, asked in a browser through its own index and the worker of the theme."""

from __future__ import annotations

# It returns the places that each question finds, best first: the page's own list shows a few at a time.
ASK = """async ([url, asked]) => {
    const worker = new Worker(url);
    const said = (message, answer) => new Promise((done) => {
        worker.onmessage = (event) => { if (event.data.type === answer) done(event.data.data); };
        worker.postMessage(message);
    });
    const script = document.createElement("script");
    script.src = "search/search_index.js";
    await new Promise((done) => { script.onload = done; document.head.append(script); });
    await said({type: 0, data: {...__index, options: {suggest: false}}}, 1);
    const found = {};
    for (const words of asked) {
        const hits = (await said({type: 2, data: words}, 3)).items.flat();
        found[words] = hits.filter((hit) => hit.score).map((hit) => hit.location);
    }
    return found;
}"""
