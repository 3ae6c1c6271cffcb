import Router from '@koa/router';
import type { State } from '../context.ts';

/** Every partial in every state on a few pages, to look at and to test against; development only. */
export function galleryPages() {
  const router = new Router<State>();
  const errors = [
    { field: 'phone', message: 'gallery.error_phone' },
    { field: 'code', message: 'gallery.error_code' },
  ];
  router.get('/dev/gallery', (ctx) => ctx.state.render('gallery'));
  router.get('/dev/gallery/form', (ctx) =>
    ctx.state.render('gallery-form', {
      errors,
      values: { phone: '138 1234' },
      client: { name: '拾光招聘', uri: 'https://jobs.example.cn', firstParty: false },
    }),
  );
  router.get('/dev/gallery/console', (ctx) => ctx.state.render('gallery-console'));
  return router;
}
