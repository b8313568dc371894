package parley.load.report;

/** Text from elsewhere, such as a server's warnings, within a page. */
final class HtmlText {

  private HtmlText() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
