// What stands where there is no page.
import { useData, withBase } from 'vitepress';
import { h } from 'vue';

export const NotFound = {
  setup() {
    const { site } = useData();
    return () =>
      h('main', { class: 'not-found vp-doc' }, [
        h('h1', 'There is no such page'),
        h('p', 'It may have moved. The search finds every page by its words.'),
        h('p', h('a', { href: withBase('/') }, `The first page of ${site.value.title}`)),
      ]);
  },
};
