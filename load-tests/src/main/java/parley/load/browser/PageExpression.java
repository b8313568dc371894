package parley.load.browser;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;

/** What is the same in every page: values travel as JSON text, whatever the protocol's own form. */
final class PageExpression {

  private PageExpression() {}

  /** An expression whose value, once awaited, is the JSON text of the given one's. */
  static String toJson(String expression) {
    return "(async () => JSON.stringify((await (\n" + expression + "\n)) ?? null))()";
  }

  static JsonNode fromJson(String text) {
    try {
      return text.isEmpty() ? NullNode.getInstance() : DebugChannel.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BrowserFailure("the page returned what is no JSON", e);
    }
  }

  /** The point a mouse would aim at; the element is scrolled into view first. */
  static String middleOf(String selector) {
    return """
    (() => {
      const selector = %s;
      const element = [...document.querySelectorAll(selector)].find((e) => e.getClientRects().length);
      if (!element) throw new Error('nothing to click at ' + selector);
      element.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
      const r = element.getBoundingClientRect();
      return {x: Math.round(r.x + r.width / 2), y: Math.round(r.y + r.height / 2)};
    })()
    """
        .formatted(quote(selector));
  }

  /** A string literal of the page's language. */
  static String quote(String text) {
    return DebugChannel.JSON.getNodeFactory().textNode(text).toString();
  }

  static String shorten(String expression) {
    return expression.length() < 300 ? expression : expression.substring(0, 300) + " …";
  }
}
