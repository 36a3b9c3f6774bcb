// What Java's XML parser reads in a JUnit report: of each test case name, message, body and output, in base64, a line a
// test case. The reader of Jenkins and of most that take JUnit is this one.
//
//     java scripts/JunitStrings.java REPORT
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

public class JunitStrings {
  static String coded(String text) {
    return "=" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  public static void main(String[] arguments) throws Exception {
    NodeList tests = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new File(arguments[0]))
        .getElementsByTagName("testcase");
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < tests.getLength(); ++i) {
      Element test = (Element) tests.item(i);
      String message = "", body = "", output = "";
      for (Node n = test.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (!(n instanceof Element)) continue;
        Element child = (Element) n;
        if (child.getTagName().equals("system-out")) {
          output = child.getTextContent();
        } else {
          message = child.getAttribute("message");
          body = child.getTextContent();
        }
      }
      out.append(coded(test.getAttribute("name"))).append(' ').append(coded(message)).append(' ')
          .append(coded(body)).append(' ').append(coded(output)).append('\n');
    }
    System.out.print(out);
  }
}
