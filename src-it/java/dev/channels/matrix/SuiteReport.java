package dev.channels.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Properties;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What the report of a test class says, or that of a class that stands for others.
 *
 * @param name of the class
 * @param properties of the JVM that ran it
 */
record SuiteReport(String name, int tests, int failed, int skipped, Properties properties) {

    static SuiteReport read(Path file) throws IOException {
        try {
            Element suite =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getDocumentElement();
            return new SuiteReport(
                    suite.getAttribute("name"),
                    number(suite, "testcase"),
                    number(suite, "error") + number(suite, "failure"),
                    number(suite, "skipped"),
                    properties(suite));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " cannot be read", e);
        }
    }

    /** The attributes count the tests of the last class only, where it stands for others. */
    private static int number(Element suite, String element) {
        return suite.getElementsByTagName(element).getLength();
    }

    private static Properties properties(Element suite) {
        Properties properties = new Properties();
        NodeList list = suite.getElementsByTagName("property");
        for (int i = 0; i < list.getLength(); i++) {
            Element property = (Element) list.item(i);
            properties.setProperty(property.getAttribute("name"), property.getAttribute("value"));
        }
        return properties;
    }

    /** Returns this one and another one as if they were one. */
    SuiteReport plus(SuiteReport other) {
        return new SuiteReport(
                name,
                tests + other.tests,
                failed + other.failed,
                skipped + other.skipped,
                properties);
    }

    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Returns the cells of a table: all, passed, skipped, failed. */
    String counts() {
        return "%d | %d | %d | %d".formatted(tests, tests - failed - skipped, skipped, failed);
    }
}
