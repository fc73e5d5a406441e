// A mail server on this machine that keeps what it is given (RFC 5321, as far as it is needed).
import net from "node:net";

export type Mail = { to: string; subject: string; text: string };

export class MailServer {
  port = 0;
  private readonly mails: Mail[] = [];
  private readonly server = net.createServer((socket) => this.talk(socket));

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.port = (this.server.address() as net.AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The next mail, or none if there is none after so many milliseconds. */
  async next(patience = 30_000): Promise<Mail | undefined> {
    const deadline = Date.now() + patience;
    while (this.mails.length === 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
    return this.mails.shift();
  }

  private talk(socket: net.Socket): void {
    let waiting = "";
    let to = "";
    let isMail = false;
    const say = (words: string) => socket.write(`${words}\r\n`);
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      waiting += data.toString();
      for (;;) {
        const end = waiting.indexOf(isMail ? "\r\n.\r\n" : "\r\n");
        if (end < 0) return;
        const piece = waiting.slice(0, end);
        waiting = waiting.slice(end + (isMail ? 5 : 2));
        if (isMail) {
          this.mails.push(read(to, piece));
          isMail = false;
          say("250 taken");
        } else if (piece.toUpperCase().startsWith("RCPT TO:")) {
          to = /<(.*)>/.exec(piece)?.[1] ?? "";
          say("250 ok");
        } else if (piece.toUpperCase() === "DATA") {
          isMail = true;
          say("354 go on");
        } else {
          say(piece.toUpperCase() === "QUIT" ? "221 bye" : "250 ok");
        }
      }
    });
    say("220 mail.test ESMTP");
  }
}

function read(to: string, whole: string): Mail {
  const [head = "", ...rest] = whole.split("\r\n\r\n");
  const headers = head.replace(/\r\n[ \t]/g, " ");
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "im").exec(headers)?.[1] ?? "";
  let text = rest.join("\n\n").replace(/^\.\./gm, ".");
  if (header("Content-Transfer-Encoding") === "quoted-printable") {
    const joined = text.replace(/=\r\n/g, "");
    text = Buffer.from(joined.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();
  }
  return { to, subject: header("Subject"), text };
}
