export type Lang = 'zh-CN' | 'en';

/** Every sentence of the demo app, in both languages. */
const words = {
  title: ['示例招聘', 'Demo Jobs'],
  tagline: ['一个接入“实名”登录的示例应用', 'A sample app that signs people in with Shiming'],
  intro: [
    '这里演示招聘平台如何接入：用手机号登录，需要时完成招聘者认证，再凭令牌中的权限发布职位。',
    'This shows how a recruiting platform integrates: people sign in by phone, recruiters verify once, and the token says who may publish jobs.',
  ],
  signIn: ['登录', 'Sign in'],
  signInHint: ['已有账号，或第一次来都可以。', 'With an account, or for the first time.'],
  register: ['注册', 'Register'],
  registerHint: ['用手机号新建一个账号。', 'Create an account with your phone number.'],
  recruiter: ['以招聘者身份登录', 'Sign in as a recruiter'],
  recruiterHint: [
    '应用要求招聘者资格；还没认证的，登录时会一并引导完成。',
    'The app asks for recruiter status; whoever lacks it is led through verification.',
  ],
  welcome: ['你已登录', 'You are signed in'],
  person: ['账号标识', 'Subject'],
  publishTitle: ['发布职位', 'Publish a job'],
  publishHint: [
    '本应用的接口只接受带有 job:publish 权限的访问令牌。',
    'The app’s API accepts only an access token that carries job:publish.',
  ],
  publish: ['发布一个职位', 'Publish a job'],
  published: ['职位已发布', 'The job is published'],
  refused: ['接口拒绝了请求：缺少 job:publish 权限', 'The API refused: job:publish is missing'],
  refusedHint: [
    '完成招聘者认证并通过审核后，点“刷新令牌”再试。',
    'Once you are verified as a recruiter, refresh the token and try again.',
  ],
  noToken: ['没有可用于接口的访问令牌', 'There is no access token for the API'],
  become: ['去完成招聘者认证', 'Verify as a recruiter'],
  refresh: ['刷新令牌', 'Refresh the token'],
  refreshed: ['令牌已刷新', 'The token was refreshed'],
  refreshFailed: ['刷新失败，请重新登录', 'Refreshing failed; please sign in again'],
  signOut: ['退出登录', 'Sign out'],
  scopes: ['令牌里的权限', 'Scopes in the token'],
  claims: ['应用得到的信息', 'What the app was told'],
  expires: ['访问令牌有效至', 'Access token valid until'],
  none: ['没有', 'None'],
  failed: ['登录没有完成', 'Signing in did not finish'],
  failedHint: [
    '没有任何信息交给本应用。你可以重新登录。',
    'Nothing was given to this app. You can try again.',
  ],
  down: ['登录服务暂时无法连接', 'The sign-in service cannot be reached'],
  downHint: ['请稍后重试。', 'Please try again in a moment.'],
  missing: ['没有这个页面', 'There is no such page'],
  home: ['回到首页', 'Back to the start'],
  yes: ['是', 'Yes'],
  no: ['否', 'No'],
} as const satisfies Record<string, readonly [string, string]>;

export type Word = keyof typeof words;

export function say(lang: Lang, word: Word): string {
  return words[word][lang === 'zh-CN' ? 0 : 1];
}

/** Scope → what it allows; unknown scopes are shown by their name alone. */
const scopes: Readonly<Record<string, readonly [string, string]>> = {
  openid: ['识别你的账号', 'Recognise your account'],
  profile: ['个人资料', 'Your profile'],
  phone: ['手机号', 'Your phone number'],
  email: ['电子邮箱', 'Your e-mail address'],
  offline_access: ['你离开后仍可刷新', 'Refresh while you are away'],
  roles: ['身份：求职者或招聘者', 'Your roles'],
  verification: ['实名与招聘者认证状态', 'Your verification status'],
  company: ['你所代表的公司', 'The company you act for'],
  'application:submit': ['投递简历', 'Apply for jobs'],
  'resume:search': ['搜索简历', 'Search résumés'],
  'resume:read': ['查看简历', 'Read résumés'],
  'job:publish': ['发布职位', 'Publish jobs'],
  'company:manage': ['管理公司', 'Manage the company'],
};

export function sayScope(lang: Lang, scope: string): string {
  return scopes[scope]?.[lang === 'zh-CN' ? 0 : 1] ?? '';
}

const claims: Readonly<Record<string, readonly [string, string]>> = {
  name: ['姓名', 'Name'],
  nickname: ['昵称', 'Nickname'],
  preferred_username: ['用户名', 'User name'],
  gender: ['性别', 'Sex'],
  birthdate: ['出生日期', 'Date of birth'],
  phone_number: ['手机号', 'Phone number'],
  phone_number_verified: ['手机号已验证', 'Phone number verified'],
  email: ['电子邮箱', 'E-mail'],
  email_verified: ['邮箱已验证', 'E-mail verified'],
  roles: ['身份', 'Roles'],
  person_status: ['实名状态', 'Person status'],
  assurance_level: ['认证等级', 'Assurance level'],
  verified_at: ['认证时间', 'Verified at'],
  recruiter_status: ['招聘者状态', 'Recruiter status'],
  recruiter_reasons: ['状态原因', 'Reasons'],
  company: ['公司', 'Company'],
  locale: ['语言', 'Language'],
  industry: ['行业', 'Industry'],
  work_history: ['工作经历', 'Work history'],
  skills: ['技能', 'Skills'],
  employer: ['所填公司', 'Employer'],
};

export function sayClaim(lang: Lang, claim: string): string {
  return claims[claim]?.[lang === 'zh-CN' ? 0 : 1] ?? claim;
}

const values: Readonly<Record<string, readonly [string, string]>> = {
  candidate: ['求职者', 'job seeker'],
  recruiter: ['招聘者', 'recruiter'],
  administrator: ['公司管理员', 'company administrator'],
  eligible: ['可以招聘', 'may recruit'],
  limited: ['还差一步', 'something is missing'],
  in_review: ['审核中', 'being reviewed'],
  suspended: ['已暂停', 'suspended'],
  ineligible: ['不可招聘', 'may not recruit'],
  verified: ['已实名', 'verified'],
  unverified: ['未实名', 'not verified'],
  revoked: ['已撤销', 'revoked'],
  expired: ['已过期', 'expired'],
  rn0: ['手机号已验证', 'phone proven'],
  rn1: ['姓名与号码一致', 'name and number matched'],
  rn2: ['证件与本人已核验', 'document and holder checked'],
};

export function sayValue(lang: Lang, value: string): string | undefined {
  return values[value]?.[lang === 'zh-CN' ? 0 : 1];
}

/** The better of the two languages for an Accept-Language header. */
export function chooseLang(header: string | undefined): Lang {
  const first = (header ?? '').split(',').map((part) => part.trim().toLowerCase());
  return first.find((tag) => /^(zh|en)\b/.test(tag))?.startsWith('en') ? 'en' : 'zh-CN';
}
