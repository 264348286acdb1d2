pragma solidity ^0.8.20;

// A vault with most of the classical mistakes; tx.origin in a comment is none.
contract Vault {
    mapping(address => uint256) public balances;
    address owner = msg.sender;
    string note = "selfdestruct(owner) in a string is none either";

    function deposit() external payable {
        balances[msg.sender] += msg.value;
    }

    function withdraw(uint256 amount) external {
        require(balances[msg.sender] >= amount);
        (bool sent, ) = msg.sender.call{value: amount}("");
        require(sent);
        balances[msg.sender] -= amount;
    }

    function sweep(address payable to) {
        require(tx.origin == owner);
        to.send(address(this).balance);
        if (block.timestamp > 1700000000) selfdestruct(to);
    }

    function run(address code, bytes calldata data) public {
        code.delegatecall(data);
    }

    function draw() external view returns (bytes32) {
        if (address(this).balance == 1 ether) return blockhash(block.number - 1);
        return keccak256(abi.encodePacked(block.prevrandao, msg.sender));
    }
}
