import type { Properties } from "../tidegate.d.ts";
import type { Callback, Front } from "./front";
import type { Tree } from "./plain";

/** By number: mParticle's name, the event of Segment's specification, and whether that is about one product. https://segment.com/docs/connections/spec/ecommerce/v2/ */
export const PRODUCT_ACTIONS: [name: string, event: string, isSingle: boolean][] = [
  ["Unknown", "", false],
  ["AddToCart", "Product Added", true],
  ["RemoveFromCart", "Product Removed", true],
  ["Checkout", "Checkout Started", false],
  ["CheckoutOption", "Checkout Step Completed", false],
  ["Click", "Product Clicked", true],
  ["ViewDetail", "Product Viewed", true],
  ["Purchase", "Order Completed", false],
  ["Refund", "Order Refunded", false],
  ["AddToWishlist", "Product Added to Wishlist", true],
  ["RemoveFromWishlist", "Product Removed from Wishlist", true],
];
export const PROMOTION_ACTIONS: [name: string, event: string][] = [
  ["Unknown", ""],
  ["PromotionView", "Promotion Viewed"],
  ["PromotionClick", "Promotion Clicked"],
];

const ADD = 1;
const REMOVE = 2;
const CHECKOUT = 3;
const PURCHASE = 7;
const REFUND = 8;

/** mParticle's names and those of the specification. */
const PRODUCT = {
  Sku: "product_id",
  Name: "name",
  Price: "price",
  Quantity: "quantity",
  Variant: "variant",
  Category: "category",
  Brand: "brand",
  Position: "position",
  CouponCode: "coupon",
};
const TRANSACTION = {
  Id: "order_id",
  Affiliation: "affiliation",
  CouponCode: "coupon",
  Revenue: "revenue",
  Shipping: "shipping",
  Tax: "tax",
  Step: "step",
  Option: "option",
};
const PROMOTION = { Id: "promotion_id", Creative: "creative", Name: "name", Position: "position" };

const NUMBERS = ["Price", "Quantity", "Position", "Revenue", "Shipping", "Tax"];

/** What an object has of the members in `names`, under the names there. */
function renamed(given: unknown, names: Record<string, string>): Tree {
  const from = (given ?? {}) as Tree;
  return Object.fromEntries(
    Object.entries(names).flatMap(([theirs, ours]) => {
      const value = from[theirs];
      if (value === undefined || value === null || value === "") return [];
      return [[ours, NUMBERS.includes(theirs) && Number.isFinite(Number(value)) ? Number(value) : value]];
    }),
  );
}

const productOf = (given: unknown): Tree => ({
  ...((given as { Attributes?: Tree } | null)?.Attributes ?? {}),
  ...renamed(given, PRODUCT),
});

const listed = (given: unknown): unknown[] =>
  Array.isArray(given) ? given : given === undefined || given === null ? [] : [given];

/** An object of mParticle's: its members by the names of `keys`, from arguments in their order. */
const made =
  (keys: string[], needed: number) =>
  (...args: unknown[]) =>
    args.slice(0, needed).some((arg) => arg === undefined || arg === null || arg === "") || args.length < needed
      ? null
      : Object.fromEntries(keys.map((key, at) => [key, args[at]]));

/** `mParticle.eCommerce`: https://docs.mparticle.com/developers/client-sdks/web/commerce-events/ */
export function createCommerce({ own }: Front) {
  let currency: unknown;
  let inCart: unknown[] = [];

  const track = (event: string, properties: Tree, attributes: unknown) =>
    own.track(event, {
      ...(currency ? { currency } : {}),
      ...(attributes as object | undefined),
      ...properties,
    } as Properties);

  const act = (type: unknown, products: unknown, attributes: unknown, transaction?: unknown) => {
    const [, event, isSingle] = PRODUCT_ACTIONS[Number(type)] ?? [];
    if (!event) throw new TypeError("it needs a mParticle.ProductActionType");
    const about = renamed(transaction, TRANSACTION);
    if (isSingle) for (const product of listed(products)) track(event, { ...about, ...productOf(product) }, attributes);
    else track(event, { ...about, products: listed(products).map(productOf) }, attributes);
  };

  const methods: Record<string, Callback> = {
    setCurrencyCode(code) {
      currency = code;
    },
    logProductAction: (type, products, attributes, _flags, transaction) => act(type, products, attributes, transaction),
    logCheckout(step, option, attributes) {
      if (step === undefined || step === null) return act(CHECKOUT, inCart, attributes);
      track("Checkout Step Viewed", { step, ...(option ? { option } : {}) }, attributes);
    },
    logPurchase(transaction, products, clearsCart, attributes) {
      act(PURCHASE, products, attributes, transaction);
      if (clearsCart) inCart = [];
    },
    logRefund(transaction, products, clearsCart, attributes) {
      act(REFUND, products, attributes, transaction);
      if (clearsCart) inCart = [];
    },
    logImpression(impressions, attributes) {
      for (const { Name, Product } of listed(impressions) as { Name?: unknown; Product?: unknown }[])
        track("Product List Viewed", { list_id: Name, products: listed(Product).map(productOf) }, attributes);
    },
    logPromotion(type, promotions, attributes) {
      const [, event] = PROMOTION_ACTIONS[Number(type)] ?? [];
      if (!event) throw new TypeError("it needs a mParticle.PromotionType");
      for (const promotion of listed(promotions)) track(event, renamed(promotion, PROMOTION), attributes);
    },
  };

  const cart: Record<string, Callback> = {
    add(products, logs) {
      inCart.push(...listed(products));
      if (logs) act(ADD, products, {});
    },
    remove(products, logs) {
      const skus = listed(products).map((product) => (product as { Sku?: unknown } | null)?.Sku);
      inCart = inCart.filter((product) => !skus.includes((product as { Sku?: unknown } | null)?.Sku));
      if (logs) act(REMOVE, products, {});
    },
    clear() {
      inCart = [];
    },
  };

  const product = made(
    ["Name", "Sku", "Price", "Quantity", "Variant", "Category", "Brand", "Position", "CouponCode", "Attributes"],
    3,
  );
  return {
    methods,
    cart,
    made: {
      createProduct: (name: unknown, sku: unknown, price: unknown, quantity: unknown = 1, ...rest: unknown[]) =>
        product(name, sku, price, quantity, ...rest),
      createPromotion: made(["Id", "Creative", "Name", "Position"], 1),
      createImpression: made(["Name", "Product"], 2),
      createTransactionAttributes: made(["Id", "Affiliation", "CouponCode", "Revenue", "Shipping", "Tax"], 1),
    },
  };
}
