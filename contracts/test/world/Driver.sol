// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title Somebody who lives in the economy: an account that does what its driver says.
contract Actor {
    address private immutable DRIVER;

    error OnlyDriver(address caller);

    constructor() {
        DRIVER = msg.sender;
    }

    /// @notice Calls a contract in this actor's name and hands a refusal on as it is.
    function act(address target, bytes calldata data) external {
        require(msg.sender == DRIVER, OnlyDriver(msg.sender));
        (bool ok, bytes memory answer) = target.call(data);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(answer, 32), mload(answer))
        }
    }

    /// @notice Takes agents (ERC-721) in.
    function onERC721Received(address, address, uint256, bytes calldata) external pure returns (bytes4) {
        return this.onERC721Received.selector;
    }
}

/// @title Lets one transaction run many life cycles through the real contracts.
/// @notice A script is a row of steps: actor (4 bytes), target's index (1 byte), length (3 bytes), calldata.
contract Driver {
    address private immutable OWNER;
    Actor[] private _actors;
    address[] private _targets;

    error OnlyOwner(address caller);
    /// @notice A step was refused; where it stood in the script, by whom, and what the contract said.
    error StepRefused(uint256 step, uint256 actor, address target, bytes reason);

    constructor(address[] memory targets) {
        OWNER = msg.sender;
        _targets = targets;
    }

    /// @notice Creates actors.
    function recruit(uint256 count) external {
        require(msg.sender == OWNER, OnlyOwner(msg.sender));
        for (uint256 i; i < count; ++i) {
            _actors.push(new Actor());
        }
    }

    /// @notice Runs a script; all of it or nothing.
    function run(bytes calldata script) external {
        require(msg.sender == OWNER, OnlyOwner(msg.sender));
        uint256 at;
        for (uint256 step; at < script.length; ++step) {
            uint256 head = uint64(bytes8(script[at:at + 8]));
            uint256 actor = head >> 32;
            address target = _targets[uint8(head >> 24)];
            uint256 length = uint24(head);
            at += 8;
            try _actors[actor].act(target, script[at:at + length]) { }
            catch (bytes memory reason) {
                revert StepRefused(step, actor, target, reason);
            }
            at += length;
        }
    }

    /// @notice The address of an actor.
    function actorAt(uint256 index) external view returns (address) {
        return address(_actors[index]);
    }
}
