import type { UserTraits } from "../tidegate.d.ts";
import type { Callback, Front } from "./front";
import { isPlain, type Tree } from "./plain";

/** https://docs.mparticle.com/developers/client-sdks/web/idsync/ */
export interface IdentityRequest {
  userIdentities?: Tree;
}

interface Known {
  getMPID(): string;
}

const OTHERS = Array.from({ length: 9 }, (_, at) => [`Other${at + 2}`, at + 10]);

/** As mParticle has them; there is no 8. */
export const IDENTITY_TYPES: Record<string, number> = {
  Other: 0,
  CustomerId: 1,
  Facebook: 2,
  Twitter: 3,
  Google: 4,
  Microsoft: 5,
  Yahoo: 6,
  Email: 7,
  FacebookCustomAudienceId: 9,
  ...Object.fromEntries(OTHERS),
  MobileNumber: 19,
  PhoneNumber2: 20,
  PhoneNumber3: 21,
};

/** Identities that the tracking API has a name for; others keep theirs. */
const TRAITS: Record<string, string> = { mobile_number: "phone" };
const IDENTITIES =
  /^(email|phone|other([2-9]|10)?|facebook|twitter|google|microsoft|yahoo|alias|facebookcustomaudienceid|phone_number_[23])$/;

const traitOf = (identity: string) => (Object.keys(TRAITS).includes(identity) ? TRAITS[identity] : identity) as string;
const identityOf = (trait: string) => Object.keys(TRAITS).find((name) => TRAITS[name] === trait) ?? trait;

/** `mParticle.Identity`: the customer ID is the user ID, other identities are traits. */
export function createIdentity(front: Front, more: object) {
  const { own } = front;
  const traits = () => (own.user().traits() ?? {}) as Tree;
  const withTraits = (given: Tree) => own.identify(given as UserTraits);

  const user = {
    getMPID: () => own.user().anonymousId() ?? own.user().id() ?? "",
    getUserIdentities() {
      const known = Object.entries(traits()).filter(([name, value]) => IDENTITIES.test(name) && value !== null);
      const customerid = own.user().id();
      const userIdentities = Object.fromEntries(known.map(([name, value]) => [identityOf(name), value]));
      return { userIdentities: customerid ? { ...userIdentities, customerid } : userIdentities };
    },
    getAllUserAttributes: () =>
      Object.fromEntries(Object.entries(traits()).filter(([name, value]) => !IDENTITIES.test(name) && value !== null)),
  };
  const attributes: Record<string, Callback> = {
    setUserAttribute: (name, value) => withTraits({ [String(name)]: value }),
    setUserAttributes: (given) => withTraits({ ...(given as Tree) }),
    setUserAttributeList: (name, list) => withTraits({ [String(name)]: Array.from(list as unknown[]) }),
    removeUserAttribute: (name) => withTraits({ [String(name)]: null }),
    removeAllUserAttributes() {
      withTraits(Object.fromEntries(Object.keys(user.getAllUserAttributes()).map((name) => [name, null])));
    },
    // A tag is an attribute that says nothing but that it is there.
    setUserTag: (name) => withTraits({ [String(name)]: true }),
    removeUserTag: (name) => withTraits({ [String(name)]: null }),
  };
  const whole = Object.assign(
    user,
    more,
    Object.fromEntries(
      Object.entries(attributes).map(([name, method]) => [
        name,
        (...args: unknown[]) => front.turn(`mParticle.${name}()`, () => method(...args)),
      ]),
    ),
  );

  const identify = (request: unknown) => {
    const { userIdentities } = isPlain(request) ? (request as IdentityRequest) : {};
    if (!isPlain(userIdentities)) return;
    const { customerid, ...others } = userIdentities;
    const given = Object.entries(others).map(([name, value]) => [traitOf(name), value === "" ? null : value]);
    const known = Object.fromEntries(given) as UserTraits;
    if (customerid) own.identify(String(customerid), known);
    else if (given.length > 0) own.identify(known);
  };

  /** As an answer of mParticle's servers; there is none to wait for. */
  const answer = (callback: unknown) => {
    const body = { mpid: whole.getMPID(), is_logged_in: !!own.user().id(), matched_identities: {} };
    front.afterwards(callback, [{ httpCode: 200, body, getUser: () => whole, getPreviousUser: () => null }]);
  };
  const way =
    (before: () => void): Callback =>
    (request, callback) => {
      before();
      identify(request);
      answer(callback);
    };

  return {
    methods: {
      identify: way(() => {}),
      login: way(() => {}),
      modify: way(() => {}),
      logout: way(() => own.reset()),
      aliasUsers(request, callback) {
        const { destinationMpid, sourceMpid } = (isPlain(request) ? request : {}) as Record<string, string>;
        if (destinationMpid) own.alias(destinationMpid, sourceMpid);
        front.afterwards(callback, [{ httpCode: 202, message: "" }]);
      },
    } as Record<string, Callback>,
    users: {
      getCurrentUser: () => whole,
      getUser: () => whole,
      getUsers: () => [whole],
      createAliasRequest: (source: Known | null, destination: Known | null) => ({
        sourceMpid: source?.getMPID() ?? null,
        destinationMpid: destination?.getMPID() ?? null,
      }),
    },
  };
}
